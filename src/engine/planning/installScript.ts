import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { count } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { scriptOrigin } from '../../core/cluster/installScript';
import { nodesOf } from '../../core/cluster/roles';
import type { Step } from '../../core/plan/step';
import type { InstallScript } from '../../core/remote/install';
import { installScriptHash } from '../../core/remote/scriptDownload';
import { mapLimit, target } from '../hosts/targets';
import { SCRIPT_UNREACHABLE, type InstallScripts, type RemoteHosts } from '../ports';
import { install } from '../steps/install';
import type { Sha256 } from './sha256';
import type { Situation } from './situation';

export interface InstallScriptDependencies {
  readonly scripts: InstallScripts;
  readonly hosts: RemoteHosts;
  readonly sha256: Sha256;
  readonly parallel: number;
  /** Secrets that are masked in what hosts answer. */
  readonly masks: readonly string[];
}

interface FoundScript {
  /** Undefined when nothing is installed, or with problems. */
  readonly script?: InstallScript;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/**
 * Gets the install script once for all hosts, when steps run it: this machine reads or downloads it. Where only the hosts
 * can reach it, each of them tells the sha256 of what it gets, and all have to get the same one. Whoever runs it later
 * runs exactly this one.
 */
export async function findInstallScript(
  situation: Situation,
  steps: readonly Step[],
  deps: InstallScriptDependencies,
  signal: AbortSignal | undefined,
): Promise<FoundScript> {
  const installing = new Set(steps.filter(({ kind }) => kind === install.kind).map(({ on }) => on));
  const nodes = nodesOf(situation.cluster).filter(({ id }) => installing.has(id));
  if (nodes.length === 0) return { problems: [], notes: [] };
  const found = await search(situation, nodes, deps, signal);
  if (!found.ok) return { problems: [found.error], notes: [] };
  const { script, says } = found.value;
  const wanted = situation.cluster.k3s.install.scriptSha256;
  if (wanted !== undefined && wanted !== script.sha256) return { problems: [otherScript(says, script)], notes: [] };
  return { script, problems: [], notes: [`${says} (sha256 ${script.sha256}).`] };
}

interface Sighted {
  readonly script: InstallScript;
  /** A sentence that still lacks the sha256 and the full stop. */
  readonly says: string;
}

async function search(
  situation: Situation,
  nodes: readonly ClusterNode[],
  deps: InstallScriptDependencies,
  signal: AbortSignal | undefined,
): Promise<Result<Sighted, Problem>> {
  const { scripts, sha256 } = deps;
  const { install: wanted } = situation.cluster.k3s;
  const origin = scriptOrigin(wanted);
  if (origin.kind === 'file') {
    const read = bundledScript(origin.path, situation) ?? (await scripts.read(origin.path));
    if (!read.ok) return origin.path === airgapScript(situation) ? err(fromAirgap(read.error, origin.path)) : read;
    const script = { text: read.value, sha256: sha256(read.value) };
    return ok({ script, says: say`The install script comes from ${origin.path}, a file of this machine` });
  }
  const pinned = wanted.scriptSha256 !== undefined;
  if (!origin.encrypted && !pinned) return err(notEncrypted(origin.shown));
  const fetched = await scripts.fetch(origin.url, { pinned, ...(signal === undefined ? {} : { signal }) });
  if (fetched.ok) {
    const { text, finalUrl } = fetched.value;
    const way = finalUrl === origin.shown ? '' : say`, which sends on to ${finalUrl}`;
    const says = say`The install script comes from ${origin.shown}${way}, fetched by this machine`;
    return ok({ script: { text, sha256: sha256(text) }, says });
  }
  if (fetched.error.code !== SCRIPT_UNREACHABLE) return fetched;
  return askHosts(origin, fetched.error, situation, nodes, deps, signal);
}

/** Where the folder or archive of an air gap has its install script. */
function airgapScript({ airgap }: Pick<Situation, 'airgap'>): string | undefined {
  return airgap === undefined ? undefined : `${airgap.folder}/install.sh`;
}

/** Nobody has written `scriptUrl` there. */
function fromAirgap(cause: Problem, path: string): Problem {
  return {
    ...cause,
    nextSteps: [say`Save the script of https://get.k3s.io as ${path}, or name another one as k3s.install.scriptUrl.`],
  };
}

/** The install script in the archive of an air gap; undefined where it lies elsewhere. */
function bundledScript(path: string, situation: Situation): Result<string, Problem> | undefined {
  const script = situation.airgap?.script;
  if (script === undefined || path !== airgapScript(situation)) return undefined;
  if (script.ok) return script;
  const { why, nextStep } = script.error;
  return err(
    problem('install-script-unreadable', say`The install script ${path} is not used`, { why, nextSteps: [nextStep] }),
  );
}

/** Where only the hosts can reach the script: which one they get. */
async function askHosts(
  { url, shown }: { readonly url: string; readonly shown: string },
  unreachable: Problem,
  { desired }: Situation,
  nodes: readonly ClusterNode[],
  { hosts, parallel, masks }: InstallScriptDependencies,
  signal: AbortSignal | undefined,
): Promise<Result<Sighted, Problem>> {
  const why = unreachable.why ?? unreachable.message;
  const failures: string[] = [];
  const answers = await mapLimit(nodes, parallel, async (node) => {
    const env = desired.get(node.id)?.install.env ?? {};
    const answer = await hosts.run(
      target(node),
      installScriptHash(url, env, masks),
      signal === undefined ? {} : { signal },
    );
    if (answer.kind === 'done') return { id: node.id, hash: answer.value };
    failures.push(`${node.id}: ${answer.problem.why ?? answer.problem.message}`);
    return undefined;
  });
  if (failures.length > 0) return err(outOfReach(shown, why, failures));
  const groups = groupBy(
    answers.filter((answer) => answer !== undefined),
    ({ hash }) => hash,
  );
  const details = [...groups].map(([hash, hosted]) => `sha256 ${hash}: ${hosted.map(({ id }) => id).join(', ')}`);
  const [hash] = groups.keys();
  if (hash === undefined || groups.size > 1) return err(differentScripts(shown, details));
  const says = say`This machine cannot reach ${shown} (${why}), so each of the ${count(nodes.length, 'host')} fetches the install script itself, and all get the same one`;
  return ok({ script: { url, sha256: hash }, says });
}

function notEncrypted(shown: string): Problem {
  return problem('install-script-not-encrypted', say`The install script from ${shown} could be changed on its way`, {
    why: say`It would come over http and run as root, and nothing tells whether it is the right one.`,
    nextSteps: [
      say`Write an https address under k3s.install.scriptUrl, or the path of a file beside the cluster file.`,
      say`Where there is only http, write the sha256 of the script under k3s.install.scriptSha256.`,
    ],
  });
}

function otherScript(says: string, { sha256 }: InstallScript): Problem {
  return problem('install-script-differs', say`The install script is not the one that k3s.install.scriptSha256 names`, {
    why: say`${says}; it has the sha256 ${sha256}.`,
    nextSteps: [say`Look at what has changed in the script. If you want the new one, write its sha256 into the file.`],
  });
}

function outOfReach(shown: string, why: string, details: readonly string[]): Problem {
  return problem(
    SCRIPT_UNREACHABLE,
    say`The install script from ${shown} is out of reach for this machine and for hosts`,
    {
      why: say`This machine: ${why}. The hosts:`,
      details,
      nextSteps: [
        say`Give this machine or the hosts a way to the address (k3s.install.env: HTTPS_PROXY), or keep the script beside the cluster file and write its path under k3s.install.scriptUrl.`,
      ],
    },
  );
}

function differentScripts(shown: string, details: readonly string[]): Problem {
  return problem('install-scripts-differ', say`The hosts get different install scripts from ${shown}`, {
    why: say`Each of them fetches it itself, since this machine cannot. One that differs was changed on its way, or is an older copy of a proxy.`,
    details,
    nextSteps: [say`Look at both scripts, and write the sha256 of the right one under k3s.install.scriptSha256.`],
  });
}
