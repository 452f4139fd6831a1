import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../adapters/cli/run';
import { startAttacker, type Attacker } from './support/attacker';
import {
  AWS_KEY,
  everythingBelow,
  makeHome,
  plantPractice,
  plantRepository,
  PRIVATE_KEY,
  STORED_SECRET,
} from './support/repository';

const ADDRESS = `127.${200 + (process.pid % 50)}.66.8`;

let home: string;
let repository: string;
let attacker: Attacker;
let pwned: string;

beforeEach(async () => {
  home = makeHome();
  repository = mkdtempSync(path.join(tmpdir(), 'k3s-ha-repository-'));
  attacker = await startAttacker(ADDRESS);
  ({ pwned } = plantRepository(repository, attacker));
  plantPractice(repository, home);
});
afterEach(async () => {
  await attacker.stop();
  rmSync(home, { recursive: true, force: true });
  rmSync(repository, { recursive: true, force: true });
});

/** Escape sequences, C1 controls, bidirectional overrides: what must never reach a terminal. */
// eslint-disable-next-line no-control-regex
const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

describe('a repository made by an attacker, on the command line', () => {
  it.each([
    ['lint', 2, ['lint', '.']],
    ['plan', 11, ['plan', 'cluster.k3s.yaml']],
    ['plan --json', 11, ['plan', 'cluster.k3s.yaml', '--json']],
    ['apply --yes', 11, ['apply', 'cluster.k3s.yaml', '--yes']],
    ['status', 11, ['status', 'cluster.k3s.yaml']],
    ['kubeconfig', 11, ['kubeconfig', 'cluster.k3s.yaml']],
    ['practice', 12, ['practice', 'cluster.k3s.yaml']],
  ])(
    '%s: nothing leaves, nothing runs, nothing is written, and what is shown is only shown',
    async (_name, expected, args) => {
      const [before, planted] = [everythingBelow(home), everythingBelow(repository)];
      const { code, stdout, stderr } = await cli(args, {
        cwd: repository,
        env: {
          HOME: home,
          XDG_STATE_HOME: path.join(home, 'state'),
          KUBECONFIG: '',
          AWS_SECRET_ACCESS_KEY: AWS_KEY,
          SSH_AUTH_SOCK: '',
        },
      });
      expect(code, stdout + stderr).toBe(expected);
      expect(attacker.connections).toBe(0);
      expect(existsSync(pwned)).toBe(false);
      expect(everythingBelow(home, ['state'])).toBe(before);
      expect(everythingBelow(repository)).toBe(planted);
      expect(stdout + stderr).not.toMatch(ACTS);
      for (const secret of [PRIVATE_KEY, STORED_SECRET, AWS_KEY]) expect(stdout + stderr).not.toContain(secret);
    },
  );
});
