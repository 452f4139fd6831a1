import { expect, it } from 'vitest';
import { probe } from '../../../src/core/facts/probe';
import { balancedCluster, balancedFacts } from '../../support/balancers';
import { clusterOf } from '../../support/cluster';
import { factsText } from '../../support/factsText';
import { provisionedFacts } from '../../support/plans';

it('scripted machines of a load balancer tell the facts that they have', () => {
  for (const facts of balancedFacts(balancedCluster()).values())
    expect(probe().parse({ stdout: factsText(facts), stderr: '', exitCode: 0 })).toEqual({ ok: true, value: facts });
});

it('scripted machines tell the facts that they have', () => {
  for (const facts of provisionedFacts(clusterOf()).values()) {
    const dropIns = new Map([['/etc/rancher/k3s/config.yaml.d/1.yaml', 'a: "\\\\"\n']]);
    const whole = {
      ...facts,
      dropIns,
      certificates: [
        { path: 'server/tls/client-admin.crt', serial: 'a1', ends: Date.UTC(2027, 7, 1), written: 1_786_000_000_000 },
      ],
    };
    expect(probe().parse({ stdout: factsText(whole), stderr: '', exitCode: 0 })).toEqual({ ok: true, value: whole });
  }
});
