import { resolve } from 'node:path';
import { ok } from '../core/base/result';
import { parseAllowances, type Allowances } from './allowances';
import { parseProgramAllowances, type ProgramAllowances } from './programAllowances';
import { flag, positive, text, type Option, type ValuesOf } from './option';

export const JSON_OUTPUT = flag({ help: 'results as JSON on standard output' });

export const VERBOSE = flag({ short: 'v', help: 'what the hosts print, too' });

export const CLUSTER_NAME = text({ value: 'NAME', help: 'the name of the cluster, instead of typing it' });

/** Before what cannot be undone without a snapshot. */
export const KEEP_SNAPSHOT: Option<string | undefined> = {
  value: 'FOLDER',
  help: 'copy a snapshot from before to this folder of this computer, and go on only when all of it is here',
  read: (written) => {
    const folder = written.at(-1);
    return ok(folder === undefined ? undefined : resolve(folder));
  },
};

export const PARALLEL = positive({
  value: 'N',
  preset: '50',
  of: 'a whole number of at least 1',
  whole: true,
  help: 'hosts that are looked at and prepared at the same time',
});

export const ALLOW_SECRETS: Option<Allowances> = {
  value: 'NAME=HOST,…',
  repeats: true,
  help: 'let these hosts have a secret, env:NAME, file:PATH, key:PATH or known-hosts:PATH of the file without a question',
  read: parseAllowances,
};

export const ALLOW_PROGRAMS: Option<ProgramAllowances> = {
  value: 'PATH=SHA256',
  repeats: true,
  help: 'let a hook of the file with "on: here" run on this computer without a question, if it has this sha256',
  read: parseProgramAllowances,
};

/** The options of every command that looks at the hosts. */
export const LOOK_OPTIONS = {
  json: JSON_OUTPUT,
  'allow-secrets': ALLOW_SECRETS,
  verbose: VERBOSE,
  parallel: PARALLEL,
};

/** Those options as they were given. */
export type LookOptions = ValuesOf<typeof LOOK_OPTIONS>;

export const WITHOUT: Option<readonly string[]> = {
  value: 'PARTS',
  repeats: true,
  help: 'parts that are down: names of nodes, zone:NAME, load-balancer, by commas',
  read: (written) => ok(written.flatMap((text) => text.split(',')).filter((name) => name !== '')),
};
