import { endKubeVip } from '../k3s/kubeVip';
import type { PracticeHost } from '../machine/host';
import { dial } from '../network';
import { fail, pause, type Command, type CommandRun } from './command';
import { PLACED_PATH } from '../../core/k3s/paths';
import { fileSum } from './files';
import { withApi } from './kubectl';

const LOOK_MS = 300;

/** move-address: address, the same for a URL, port, seconds. */
export const moveAddressCommand: Command = async (run) => {
  const { host, world, args, out } = run;
  const [address = '', , port = '', seconds = ''] = args;
  if (!host.carried.has(address)) {
    out('elsewhere\n');
    return 0;
  }
  let status = 4;
  for (let left = Number(seconds) * 1000; left >= 0; left -= LOOK_MS) {
    const isHere = host.carried.has(address);
    status = isHere ? 4 : 5;
    if (isHere) endKubeVip(world, host, 'stopped');
    else if (answerAt(run, address, port) === 'ok') {
      out('moved\n');
      return 0;
    }
    if (!(await pause(run, LOOK_MS))) return 255;
  }
  return fail(run, status === 4 ? '' : answerAt(run, address, port), status);
};

/** withdraw-route: seconds. */
export const withdrawRouteCommand: Command = async (run) => {
  const { kubeVip } = run.host;
  if (kubeVip.running === undefined) {
    run.out('absent\n');
    return 0;
  }
  // The kubelet starts it again at once, and after the second time waits.
  for (let stops = 0; stops < 2;) {
    if (kubeVip.running !== undefined) {
      endKubeVip(run.world, run.host, 'stopped');
      stops += 1;
    }
    if (stops < 2 && kubeVip.ended > 1) break;
    if (!(await pause(run, LOOK_MS))) return 255;
  }
  run.out('withdrawn\n');
  return 0;
};

/** release-address: address, bits, seconds. */
export const releaseAddressCommand: Command = async (run) => {
  const { host, world, args, out } = run;
  const [address = ''] = args;
  if (host.addresses.includes(address)) return fail(run, 'sim0 16', 3);
  const isHere = isCarriedBy(host, address);
  if (host.kubeVip.running?.address === address) endKubeVip(world, host, 'stopped');
  host.carried.delete(address);
  out(isHere ? 'released\n' : 'absent\n');
  return (await pause(run, LOOK_MS)) ? 0 : 255;
};

function isCarriedBy({ carried, kubeVip }: PracticeHost, address: string): boolean {
  return carried.has(address) || kubeVip.running?.address === address;
}

/** address-state: address, the same for a URL, port. */
export const addressStateCommand: Command = (run) => {
  const [address = '', , port = ''] = run.args;
  run.out(`interface=${run.host.carried.has(address) ? 'sim0' : ''}\nanswer=${answerAt(run, address, port)}\n`);
  return 0;
};

/** What the API answers to a host at an address, in the words of kubectl. */
function answerAt({ host, world }: CommandRun, address: string, port: string): string {
  const dialed = dial(world, host, address, Number(port));
  if (dialed.kind === 'failed') return `Unable to connect to the server: ${dialed.error}`;
  return dialed.server.apiUp ? 'ok' : 'Error from server (ServiceUnavailable): apiserver not ready';
}

/** delete-manifest: path. */
export const deleteManifestCommand: Command = (run) => {
  const [path = ''] = run.args;
  const { files } = run.host;
  const file = files.get(path);
  if (file === undefined) {
    run.out('absent\n');
    return 0;
  }
  const placed = files.get(PLACED_PATH)?.content.split('\n') ?? [];
  if (!placed.some((line) => line.startsWith(`${fileSum(file)} `) && line.endsWith(` ${path}`))) {
    run.out('changed\n');
    return 0;
  }
  return withApi(run, ({ cluster }) => {
    cluster.addons.delete(path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, ''));
    run.out('deleted\n');
    return 0;
  });
};
