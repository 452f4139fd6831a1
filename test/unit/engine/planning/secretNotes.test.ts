import { describe, expect, it } from 'vitest';
import { normalise } from '../../../../src/core/cluster/normalise';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { Step } from '../../../../src/core/plan/step';
import { secretNotes } from '../../../../src/engine/planning/secretNotes';
import { restart } from '../../../../src/engine/steps/restart';
import { writeConfig } from '../../../../src/engine/steps/writeConfig';

const cluster = normalise({
  metadata: { name: 'edge' },
  ssh: { password: '${secret:login}', identityFile: '~/.ssh/edge' },
  datastore: { type: 'embedded-etcd' },
  token: '${secret:edge-token}',
  servers: {
    nodes: [
      { host: '10.0.0.11', name: 'server-1' },
      { host: '10.0.0.12', name: 'server-2' },
    ],
  },
});
const [first, second] = cluster.servers as [ClusterNode, ClusterNode];
const write = (node: ClusterNode): Step => writeConfig.step(node, { start: { kind: 'found' } }, '');
const begin = (node: ClusterNode): Step => restart.step(node, { role: 'server', alone: false }, '');

/** What is said of the token, and what of the login. */
function said(...steps: readonly Step[]): { readonly token: string | undefined; readonly login: string | undefined } {
  const notes = secretNotes(cluster, steps);
  const about = (name: string): string | undefined => notes.find((note) => note.includes(`"${name}"`));
  expect(notes).toHaveLength([about('edge-token'), about('login')].filter((note) => note !== undefined).length);
  return { token: about('edge-token'), login: about('login') };
}

describe('what a plan says of secrets', () => {
  it('is to which hosts each goes: the login to all that are touched, the others where files are laid down', () => {
    const { token, login } = said(write(first), begin(first), begin(second));
    expect(token).toContain('goes to server-1');
    expect(token).not.toContain('server-2');
    expect(login).toContain('goes to all 2 hosts of this plan');
  });

  it('is nothing of hosts that the plan leaves alone', () => {
    const { token, login } = said(write(second));
    expect(token).toContain('goes to server-2');
    expect(login).toContain('goes to server-2');
    expect(said()).toEqual({ token: undefined, login: undefined });
  });

  it('is nothing of the token where nothing is laid down', () => {
    expect(said(begin(first)).token).toBeUndefined();
  });

  it('is nothing of the key, which stays here', () => {
    expect(secretNotes(cluster, [write(first)]).join()).not.toContain('.ssh/edge');
  });
});
