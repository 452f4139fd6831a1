import { say } from '../../core/base/say';
import { inWords } from './downloadWords';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { listed, megabytes } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { shownUrl } from '../../core/cluster/installScript';
import type { HostFacts } from '../../core/facts/probe';
import { architectureOf, RELEASES_URL, type Architecture } from '../../core/k3s/releaseFiles';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { ReleaseFiles } from '../ports';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';
import type { UploadedBinaries } from './localFile';
import { reachedNodes } from './situation';
import { hasRelease, uploadsBinary } from './uploadedBinary';

export interface FoundBinaries {
  readonly binaries: UploadedBinaries;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

export interface FindOptions {
  readonly signal?: AbortSignal;
  /** How far a download is, in words: ten times for each, or every ten megabytes where its size is not known. */
  readonly onDownload?: (message: string) => void;
}

/** Gets the binaries of the release to this computer, each once, for the hosts that do not have it. */
export async function findBinaries(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  releases: ReleaseFiles | undefined,
  secrets: ResolvedSecrets,
  { signal, onDownload }: FindOptions,
): Promise<FoundBinaries> {
  const nothing = { binaries: new Map(), problems: [], notes: [] };
  if (!uploadsBinary(cluster)) return nothing;
  const { version, install } = cluster.k3s;
  const lacking = reachedNodes({ cluster, facts }).filter(({ id }) => !hasRelease(cluster, facts.get(id)));
  if (lacking.length === 0) return nothing;
  if (version === undefined || releases === undefined) return { ...nothing, problems: [versionMissing()] };
  const written = install.env['INSTALL_K3S_ARTIFACT_URL'];
  const from = written === undefined ? RELEASES_URL : secrets.text(written);
  const binaries = new Map<Architecture, ByteInput>();
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const [architecture, nodes] of groupBy(lacking, ({ id }) => architectureOf(facts.get(id)?.arch ?? ''))) {
    // A host that K3s is not made for is told elsewhere.
    if (architecture === undefined) continue;
    const found = await releases.binary({
      version,
      architecture,
      from,
      ...(signal === undefined ? {} : { signal }),
      ...(onDownload === undefined ? {} : { onReceived: inWords(`K3s ${version} (${architecture})`, onDownload) }),
    });
    if (!found.ok) {
      problems.push(found.error);
      continue;
    }
    binaries.set(architecture, found.value);
    const hosts = listed(nodes.map(({ id }) => id));
    const { size, sha256 } = found.value;
    notes.push(
      say`K3s ${version} for ${hosts} (${architecture}, ${megabytes(size)}, sha256 ${sha256}) comes from this computer, which has it from ${shownUrl(from)}.`,
    );
  }
  return { binaries, problems, notes };
}

function versionMissing(): Problem {
  return problem(
    'binary-version-missing',
    say`The file does not say which release this computer is to get for the hosts`,
    {
      why: say`With binary: upload the binary is fetched here, by its release.`,
      nextSteps: [say`Write it as k3s.version, e.g. v1.36.3+k3s1.`],
    },
  );
}
