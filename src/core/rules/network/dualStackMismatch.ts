import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { parseCidr } from '../../k3s/cidr';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, value } from '../reading/places';
import { networkFamilies } from '../reading/networks';
import { SOURCES } from '../reading/sources';
import { writtenList } from '../../cluster/written';

const OPTIONS = ['cluster-cidr', 'service-cidr'] as const;
const DEFAULTS: Readonly<Record<(typeof OPTIONS)[number], Readonly<Record<number, string>>>> = {
  'cluster-cidr': { 4: '10.42.0.0/16', 6: 'fd00:42::/56' },
  'service-cidr': { 4: '10.43.0.0/16', 6: 'fd00:43::/112' },
};

export const dualStackMismatch = defineRule({
  id: 'dual-stack-mismatch',
  severity: 'error',
  title: later`Pod and service networks are of different IP versions`,
  rationale: `A cluster runs on IPv4, on IPv6 or on both, and pods and services have to agree: one network of each version that is used, in the same order. K3s stops otherwise, and it cannot be changed once the cluster exists.`,
  sources: [SOURCES.network, SOURCES.serverOptions],
  check: (context) => {
    const [first] = context.cluster.servers;
    if (first === undefined) return [];
    const [pods, services] = OPTIONS.map((option) => networkFamilies(first, option));
    if (pods === undefined || services === undefined) return [];
    const twice = [pods, services].findIndex((versions) => new Set(versions).size < versions.length);
    const option =
      twice >= 0
        ? OPTIONS[twice]
        : pods.join() === services.join()
          ? undefined
          : services.length < pods.length
            ? OPTIONS[1]
            : OPTIONS[0];
    if (option === undefined) return [];
    const other = OPTIONS.find((each) => each !== option);
    const at = [option, ...(other === undefined ? [] : [other])].flatMap((name) => optionPaths(context, first, name));
    const message =
      twice >= 0
        ? say`${option} names two networks of one IP version; one for IPv4 and one for IPv6 is what K3s takes.`
        : say`cluster-cidr is ${words(pods)} and service-cidr ${words(services)}: K3s stops, because pods and services have to use the same IP versions in the same order.`;
    return [
      {
        ...firstPlace(context.document, ...at.map(value)),
        message,
        data: { option, kind: twice >= 0 ? 'twice' : 'differ' },
      },
    ];
  },
  fix: (context, finding): readonly Fix[] => {
    const [first] = context.cluster.servers;
    const option = OPTIONS.find((name) => name === finding.data?.['option']);
    const other = OPTIONS.find((name) => name !== option);
    if (first === undefined || option === undefined || other === undefined || finding.data?.['kind'] === 'twice')
      return [];
    const written = written4and6(first, option);
    const wanted = (networkFamilies(first, other) ?? []).map(
      (version) => written[version] ?? DEFAULTS[option][version] ?? '',
    );
    return [
      {
        title: say`Use ${option}: ${wanted.join(',')}`,
        edits: setValue(context.document, ['servers', 'config', option], wanted.join(',')),
        safe: false,
      },
    ];
  },
});

function written4and6(server: ClusterNode, option: string): Readonly<Record<number, string>> {
  return Object.fromEntries(writtenList(server, option).map((text) => [parseCidr(text)?.family ?? 0, text]));
}

function words(versions: readonly number[]): string {
  return versions.map((version) => `IPv${version}`).join(say` and `);
}
