import type { NodeRole } from '../../core/k3s/nodeRole';
import { installK3s } from '../../core/remote/install';
import { defineStep, ended } from './step';

/** Runs the install script of K3s, which never starts K3s itself. */
export const install = defineStep<{ readonly role: NodeRole; readonly release: string }>({
  kind: 'install',
  phase: 'stage',
  estimateMs: 8000,
  says: ({ role, release }) => ({
    title: `Install K3s ${release} as ${role}, without starting it`,
    doing: 'installing K3s',
    counted: 'install K3s on',
  }),
  async run(_, at) {
    const { install: inputs } = at.content(at.machine.id);
    return ended(await at.on(at.machine, installK3s(inputs, at.installScript(), at.secrets)));
  },
});
