import { say } from '../base/say';
import type { Path } from '../base/path';
import type { Cluster } from '../cluster/cluster';
import { machinesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import { canonicalAddress } from '../k3s/cidr';
import { hasReference } from '../rules/reading/read';
import { placeholdersIn } from '../rules/reading/placeholders';
import type { TextRange } from '../base/text';
import type { Finding, Severity } from '../rules/rule';
import { control, type RuleLevels } from './control';
import { IN_OTHER_FILE } from './elsewhere';
import type { Diagnostic } from './validate';
import { visibleRange } from './visibleRange';

/** A cluster file among others that belong to one person. */
export interface FileAmongOthers {
  /** As the person knows it, e.g. its path. */
  readonly path: string;
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
  readonly levels?: RuleLevels;
}

/** What a file has in common with another one, and where that has it. */
export interface Twin extends Diagnostic {
  readonly other: { readonly path: string; readonly range: TextRange };
}

/** Something of which there is one, and that a file lays claim to. */
interface Claim {
  readonly key: string;
  readonly place: Path;
  readonly severity: Severity;
  says(other: string): string;
}

/**
 * What a file has in common with another one, in both: the name of the cluster, its fixed address, a machine. Two files of one
 * cluster undo each other's changes, and a machine runs K3s of one cluster only. Each file is told of the first other one, except
 * what its comments ignore and its levels switch off.
 */
export function twinsAmong(files: readonly FileAmongOthers[]): ReadonlyMap<string, readonly Twin[]> {
  const claims = files.map((file) => ({ file, own: claimsOf(file) }));
  const owners = new Map<string, { file: FileAmongOthers; claim: Claim }[]>();
  for (const { file, own } of claims)
    for (const claim of own) owners.set(claim.key, [...(owners.get(claim.key) ?? []), { file, claim }]);
  return new Map(
    claims.map(({ file, own }) => [
      file.path,
      own.flatMap((claim): Twin[] => {
        const other = owners.get(claim.key)?.find((each) => each.file.path !== file.path);
        return other === undefined ? [] : twin(file, claim, other);
      }),
    ]),
  );
}

function twin(
  { document, levels }: FileAmongOthers,
  claim: Claim,
  other: { readonly file: FileAmongOthers; readonly claim: Claim },
): Twin[] {
  const told: Finding = {
    ruleId: IN_OTHER_FILE,
    severity: claim.severity,
    message: claim.says(other.file.path),
    path: claim.place,
    part: 'value',
  };
  return control(document, [told], levels).findings.map(({ severity, message }) => ({
    range: visibleRange(document, claim.place, 'value'),
    severity,
    source: 'schema',
    code: IN_OTHER_FILE,
    message,
    related: [],
    other: { path: other.file.path, range: visibleRange(other.file.document, other.claim.place, 'value') },
  }));
}

function claimsOf({ cluster, document }: FileAmongOthers): readonly Claim[] {
  // Behind another jump host the same address is another machine.
  const door = cluster.servers[0]?.ssh.proxyJump ?? '';
  const at = (...paths: readonly Path[]): Path =>
    paths.find((path) => document.rangeOf(path, 'value') !== undefined) ?? [];
  const { name, loadBalancer } = cluster;
  const told = new Set<string>();
  const machines = machinesOf(cluster).flatMap(({ host, path, ssh }): Claim[] => {
    const key = `machine ${canonicalAddress(host)} ${ssh.port ?? 22} ${ssh.proxyJump ?? ''}`;
    if (!isOwn(host) || told.has(key)) return [];
    told.add(key);
    const says = (other: string) =>
      say`${host} is a machine of ${other}, too: it runs K3s of one cluster only, and each of both files would put its own over the other's.`;
    return [{ key, place: at([...path, 'host'], path), severity: 'warning', says }];
  });
  return [
    ...(isOwn(name)
      ? [
          {
            key: `name ${name.toLowerCase()}`,
            place: at(['metadata', 'name']),
            severity: 'info' as const,
            says: (other: string) =>
              say`${other} has a cluster called ${name}, too: their contexts in a kubeconfig would have the same name.`,
          },
        ]
      : []),
    ...(loadBalancer !== undefined && isOwn(loadBalancer.address)
      ? [
          {
            key: `address ${canonicalAddress(loadBalancer.address)} ${loadBalancer.port} ${door}`,
            place: at(['loadBalancer', 'address'], ['loadBalancer']),
            severity: 'warning' as const,
            says: (other: string) =>
              say`${loadBalancer.address} is the fixed address of ${other}, too: kubectl and agents would reach one of both clusters.`,
          },
        ]
      : []),
    ...machines,
  ];
}

/** What a reference or a placeholder stands for is not known, and addresses of examples are nobody's. */
function isOwn(text: string): boolean {
  return text !== '' && !hasReference(text) && placeholdersIn(text, 'host').length === 0;
}
