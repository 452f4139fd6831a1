import { say } from '../../core/base/say';
import { servesApi } from '../../core/cluster/roles';
import type { Step } from '../../core/plan/step';
import { proveServed } from '../steps/proveServed';
import { servedNames } from './servedNames';
import type { Situation } from './situation';
import { isRunning } from './starts';

interface Expected {
  /** Names that come with this run. */
  readonly added?: readonly string[];
  /** Names that must be gone. */
  readonly dropped?: readonly string[];
  /** Servers that have to show another certificate than before. */
  readonly renewed?: ReadonlySet<string>;
}

/** Looks at what every server shows to clients, when everything else is done: they should share one certificate. */
export function servedProof(
  situation: Situation,
  { added = [], dropped = [], renewed = new Set() }: Expected = {},
): readonly Step[] {
  const { cluster, facts } = situation;
  const has = [...servedNames(situation).kept, ...added];
  return cluster.servers
    .filter((server) => servesApi(cluster, server) && (isRunning(server, facts) || renewed.has(server.id)))
    .map((server) =>
      proveServed.step(
        server,
        { has, lacks: dropped, renewed: renewed.has(server.id) },
        say`what K3s keeps in a file is not always what it shows`,
      ),
    );
}
