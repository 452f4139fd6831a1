import { later, say } from '../../base/say';
import { optionFacts } from '../../k3s/options';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { optionUses } from '../reading/optionUses';
import { isOn } from '../../cluster/options';

/** Explained by rules of their own, or documented as a way to run servers. */
const ELSEWHERE = new Set([
  'docker',
  'rootless',
  'vpn-auth',
  'vpn-auth-file',
  'disable-etcd',
  'disable-apiserver',
  'disable-controller-manager',
]);

export const flagExperimental = defineRule({
  id: 'flag-experimental',
  severity: 'hint',
  title: later`An option that K3s calls experimental`,
  rationale: `K3s may change or drop an experimental option in any release, and few people run it. In a cluster that has to stay up, use it knowingly and try every upgrade elsewhere first.`,
  sources: [SOURCES.serverOptions, SOURCES.agentOptions],
  check: (context) =>
    optionUses(context)
      .filter(
        ({ name, value }) =>
          optionFacts(name)?.experimental === true &&
          !ELSEWHERE.has(name) &&
          (typeof value !== 'boolean' || isOn(value)),
      )
      .map(({ name, path }) => ({
        ...firstPlace(context.document, key(path)),
        message: say`K3s calls ${name} experimental: it may change or go in any release.`,
      })),
});
