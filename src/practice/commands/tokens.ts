import { FORMER_TOKENS_PATH } from '../../core/k3s/paths';
import { serverTokenFault } from '../../core/k3s/joinToken';
import { datastoreHealthy } from '../k3s/controller';
import { writeTokens } from '../k3s/serverFiles';
import { TIMINGS } from '../k3s/timings';
import { fail, pause, type Command } from './command';

/** rotate-token: data-dir, port; the new token on standard input. */
export const rotateTokenCommand: Command = async (run) => {
  const { host, user, args, world, out } = run;
  const [dataDir = '', port = ''] = args;
  const path = `${dataDir}/server/token`;
  const wanted = (await run.stdin.text()).trim();
  const known = host.files.get(path)?.content.trim();
  if (user !== 'root') return fail(run, `sed: can't read ${path}: Permission denied`);
  if (known === undefined) return fail(run, `${path} has no token`);
  const own = (): string | undefined => /^K10[^:]*::server:(.*)$/.exec(host.files.get(path)?.content.trim() ?? '')?.[1];
  if (own() !== wanted) {
    const former = host.files.get(FORMER_TOKENS_PATH)?.content ?? '';
    const line = `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z ${own() ?? ''}\n`;
    host.files.write(FORMER_TOKENS_PATH, former + line, { mode: 0o600 });
    const server = [...world.services].find((one) => one.host === host && one.port === Number(port));
    if (server === undefined || server.starting) {
      out(`>>> rotated\n\n<<< 000\ncurl: (7) Failed to connect to 127.0.0.1 port ${port}\n`);
    } else {
      if (!(await pause(run, TIMINGS.rotation))) return 255;
      const { cluster } = server;
      const fault = serverTokenFault(wanted);
      if (!datastoreHealthy(world, server) || fault !== undefined) {
        out(`>>> rotated\n{"message":"${fault ?? 'context deadline exceeded'}"}\n<<< 500\n`);
      } else {
        if (cluster.agentPassword === cluster.password) cluster.agentPassword = wanted;
        cluster.password = wanted;
        writeTokens(host, server.config, cluster);
        out('>>> rotated\n\n<<< 200\n');
      }
    }
  }
  out(`token=${own() === wanted ? 'new' : 'old'}\n`);
  return 0;
};
