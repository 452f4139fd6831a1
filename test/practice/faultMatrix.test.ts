import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import { upgradeRules } from '../../src/core/cluster/upgradeRules';
import { ASIDE_FOLDER, BINARY_PATH, CONFIG_PATH } from '../../src/core/k3s/paths';
import type { Step } from '../../src/core/plan/step';
import { operationById } from '../../src/engine/operations/registry';
import type { Wanted } from '../../src/engine/operations/operation';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import type { Log } from '../../src/engine/ports';
import { engineLab, stepIds, type EngineLab } from './engineLab';
import { ALL, disturbed, faultsAt, finished, ofEach, settled } from './struck';

/** What is left on the hosts, as far as a run decides it. */
function state(them: EngineLab): unknown {
  return nodesOf(them.cluster).map((node) => {
    const seen = them.fleet.inspect(node.id);
    return {
      id: node.id,
      config: seen.file(CONFIG_PATH)?.content.replace(/^token: .*$/m, ''),
      binary: seen.file(BINARY_PATH)?.content,
      active: seen.unit(unitOf(node)).active,
      aside: seen.file(`${ASIDE_FOLDER}/invocation`) !== undefined,
      lease: seen.file('/var/lib/k3s-ha/lease') !== undefined,
    };
  });
}

/** The same run again, as a person would: once, and once more when a host was still coming up. */
async function again(them: EngineLab): Promise<void> {
  await settled(them);
  const report = await them.run(await them.plan());
  if (report.result !== 'done') {
    await settled(them);
    expect((await them.run(await them.plan())).problems).toEqual([]);
  }
  expect(stepIds(await them.plan())).toEqual([]);
}

const small = (text: string): string => text.replace(/\n {4}- host: 127\.77\.0\.22\n {6}name: agent-2\n/, '\n');

/** The end of a run that nothing disturbs. */
async function endOf(them: EngineLab): Promise<string> {
  expect((await them.run(await them.plan())).result).toBe('done');
  return plainState(them);
}

/** Each fleet has a network of its own. */
function plainState(them: EngineLab): string {
  return JSON.stringify(state(them)).replaceAll(/127\.\d+\.\d+\./g, '');
}

let undisturbed: string | undefined;

describe('whatever happens while a new cluster is provisioned', () => {
  const CASES = Array.from({ length: 13 }, (_, boundary) => faultsAt(boundary).map((fault) => ({ boundary, fault })));

  it.each(CASES.flat())(
    'step $boundary, $fault: the same run again ends as an undisturbed one',
    async (each) => {
      const them = await engineLab(small);
      await disturbed(them, each.boundary, each.fault);
      await again(them);
      undisturbed ??= await endOf(await engineLab(small));
      expect(plainState(them)).toBe(undisturbed);
    },
    120_000,
  );
});

/** Every step; in the suite those of the second server, what an agent does otherwise, and what stands around all machines. */
function boundariesOf(steps: readonly Step[]): readonly number[] {
  const around = new Set(['save-snapshot', 'await-nodes', 'prove-tunnels']);
  return steps.flatMap(({ kind, about }, at) =>
    ALL || around.has(kind) || about === 'server-2' || (about === 'agent-1' && kind === 'restart') ? [at] : [],
  );
}

describe('whatever happens while a cluster is upgraded', () => {
  it(
    'the API answers, quorum stays, and the same run again ends as an undisturbed one',
    async () => {
      const them = await engineLab(small);
      expect((await them.run(await them.plan())).result).toBe('done');
      const quiet = (): void => undefined;
      const log: Log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
      const api = createClusterApi({ log });
      const fetched = await fetchKubeconfig(them.cluster, them.hosts, api);
      if (!fetched.ok) throw new Error(fetched.error.message);
      const answers: boolean[] = [];
      let going = true;
      const asking = (async () => {
        while (going) answers.push((await api.verify({ kubeconfig: fetched.value.prepared.text })).ok);
      })();
      // Pods move away first, so every kind of step of an upgrade is among those that are struck.
      const upgrade = { ...upgradeRules(them.cluster), drain: true };
      let struck = 0;
      let release = 3;
      them.cluster = { ...them.cluster, k3s: { ...them.cluster.k3s, upgrade, version: 'v1.36.4+k3s1' } };
      for (const boundary of boundariesOf((await them.plan()).plan.steps)) {
        struck += 1;
        for (const fault of faultsAt(boundary)) {
          release += 1;
          them.cluster = { ...them.cluster, k3s: { ...them.cluster.k3s, upgrade, version: `v1.36.${release}+k3s1` } };
          await disturbed(them, boundary, fault);
          await again(them);
          const versions = nodesOf(them.cluster).map(({ id }) => them.fleet.inspect(id).file(BINARY_PATH)?.content);
          expect(new Set(versions).size, `${fault} at step ${boundary}`).toBe(1);
          expect(them.fleet.nodes().filter(({ cordoned }) => cordoned)).toEqual([]);
          expect(JSON.stringify(state(them))).not.toMatch(/"aside":true|"lease":true|"active":"(?!active)/);
        }
      }
      going = false;
      await asking;
      expect(struck).toBeGreaterThan(10);
      expect(answers.length).toBeGreaterThan(50);
      expect(answers.filter((answered, i) => !answered && answers[i + 1] === false)).toEqual([]);
    },
    ALL ? 3_600_000 : 900_000,
  );
});

describe('whatever happens while a running cluster is given new certificates, or a new token', () => {
  it(
    'certificates: the same command again renews what is left, and nobody is left out',
    async () => {
      const them = await engineLab(small);
      expect((await them.run(await them.plan())).problems).toEqual([]);
      const wanted: Wanted = { operation: operationById('renew-certificates'), intent: { nodes: [] } };
      const days = 40 * 86_400_000;
      let struck = 0;
      for (const boundary of ofEach(({ about }) => about.replace(/\d/, ''), (await them.plan(wanted)).plan.steps)) {
        for (const fault of faultsAt(boundary)) {
          await them.fleet.ageCertificates(days);
          struck += 1;
          await disturbed(them, boundary, fault, wanted);
          await finished(them, wanted, () => false);
          const { facts } = (await them.plan(wanted)).situation;
          const young = nodesOf(them.cluster).map(({ id }) =>
            Math.min(...(facts.get(id)?.certificates ?? []).map(({ ends }) => ends)),
          );
          expect(
            young.filter((ends) => ends < Date.now() + 2 * days),
            `${fault} at step ${boundary}`,
          ).toEqual([]);
        }
      }
      expect(struck).toBeGreaterThan(1);
    },
    ALL ? 3_600_000 : 300_000,
  );

  it(
    'token: the same command again takes every machine to the new one',
    async () => {
      const them = await engineLab(small);
      expect((await them.run(await them.plan())).problems).toEqual([]);
      const wanted: Wanted = { operation: operationById('rotate-token'), intent: {} };
      const file = join(them.folder, '.practice', 'token');
      const next = (): string => `${sha256(String(Math.random())).slice(0, 32)}\n`;
      writeFileSync(file, next(), { mode: 0o600 });
      const boundaries = ofEach(({ kind }) => kind, (await them.plan(wanted)).plan.steps);
      let struck = 0;
      for (const boundary of boundaries) {
        // Another operator would plan a provisioning, which a token that differs refuses anyway.
        for (const fault of faultsAt(boundary).filter((one) => one !== 'other operator')) {
          struck += 1;
          writeFileSync(file, next(), { mode: 0o600 });
          await disturbed(them, boundary, fault, wanted);
          await finished(them, wanted, (codes) => codes.length === 1 && codes[0] === 'token-unchanged');
          expect((await them.plan()).plan, `${fault} at step ${boundary}`).toMatchObject({ problems: [], steps: [] });
        }
      }
      expect(struck).toBeGreaterThan(1);
    },
    ALL ? 3_600_000 : 300_000,
  );
});
