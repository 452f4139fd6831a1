import { apiHealth, onlyStarting, supervisorReadiness, withoutApi } from '../api/readiness';
import type { Reply } from '../api/reply';
import { etcdOn, type EtcdAnswer } from '../k3s/etcdHttp';
import { fail, type Command, type CommandRun } from './command';

/** etcd-members: data-dir. */
export const etcdMembersCommand: Command = (run) => {
  if (run.user !== 'root') return notRoot(run, run.args[0] ?? '');
  const etcd = etcdOn(run.world, run.host);
  answer(run, 'members', 2382, etcd?.members());
  answer(run, 'status', 2382, etcd?.status());
  answer(run, 'health', 2381, etcd?.health());
  answer(run, 'readyz', 2381, etcd?.readyz());
  return 0;
};

/** server-ready: data-dir, port. */
export const serverReadyCommand: Command = (run) => {
  const [dataDir = '', port = ''] = run.args;
  if (run.user !== 'root') return notRoot(run, dataDir);
  const server = [...run.world.services].find(
    (candidate) => candidate.host === run.host && candidate.port === Number(port),
  );
  const reply = (ask: (found: NonNullable<typeof server>) => Reply): EtcdAnswer | undefined => {
    if (server === undefined) return undefined;
    const { code, body } = onlyStarting(server) ?? ask(server);
    return { status: code, body };
  };
  answer(run, 'supervisor', Number(port), reply(supervisorReadiness));
  answer(
    run,
    'api',
    Number(port),
    reply((found) => withoutApi(found) ?? apiHealth(run.world, found, 'readyz', false)),
  );
  return 0;
};

/** Prints as curl does: the answer and its status, or what kept it from one. */
function answer(run: CommandRun, name: string, port: number, given: EtcdAnswer | undefined): void {
  if (given === undefined)
    run.out(
      `>>> ${name}\n\n<<< 000\ncurl: (7) Failed to connect to 127.0.0.1 port ${port} after 0 ms: Couldn't connect to server\n`,
    );
  else run.out(`>>> ${name}\n${given.body}\n<<< ${given.status}\n`);
}

function notRoot(run: CommandRun, dataDir: string): number {
  return fail(run, `cat: ${dataDir}/server/token: Permission denied`);
}
