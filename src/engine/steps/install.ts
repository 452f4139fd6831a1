import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { installK3s } from '../../core/remote/install';
import { installedVersion } from '../../core/remote/installedVersion';
import { unpackK3s } from '../../core/remote/unpack';
import type { StepOutcome } from '../../core/plan/step';
import { defineStep, ended, stepFailed, type StepContext } from './step';

/**
 * Runs the install script of K3s, which never starts K3s itself, and has the new binary unpack its programs: its start,
 * for which others wait, does not have to, and a binary that does not run on this host is found before anything is stopped.
 */
export const install = defineStep<{ readonly role: NodeRole; readonly release: string }>({
  kind: 'install',
  phase: 'stage',
  estimateMs: 11_000,
  says: ({ role, release }) => ({
    title: say`Install and unpack K3s ${release} as ${role}`,
    doing: say`installing K3s`,
    counted: say`install K3s on`,
  }),
  async run(_, at) {
    const { install: inputs } = at.content(at.machine.id);
    const installed = ended(await at.on(at.machine, installK3s(inputs, at.installScript(), at.secrets)));
    if (installed.kind !== 'done') return installed;
    at.progress('unpacking K3s');
    const unpacked = ended(await at.on(at.machine, unpackK3s(dataDir(at.cluster, at.node(at.machine.id)))));
    return unpacked.kind === 'done' && at.cluster.k3s.install.method === 'airgap' ? isWantedRelease(at) : unpacked;
  },
});

/** No download has chosen the release: the folder of an air gap may hold another one than the file says. */
async function isWantedRelease(at: StepContext): Promise<StepOutcome> {
  const { version, install: how } = at.cluster.k3s;
  const asked = await at.on(at.machine, installedVersion());
  if (asked.kind !== 'done' || version === undefined || asked.value === version) return ended(asked);
  return stepFailed(
    'airgap-other-release',
    at.machine,
    say`The binary from ${how.artifacts} is ${asked.value}, and the file wants ${version}`,
    {
      nextSteps: [say`Put the files of ${version} into ${how.artifacts}, or write ${asked.value} as k3s.version.`],
    },
  );
}
