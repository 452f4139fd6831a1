import { REBOOT_PATH } from '../../core/k3s/paths';
import { fail, type Command } from './command';

/** How long a machine goes on answering after it was told to reboot. */
const GOODBYE_MS = 500;

/** reboot: the boot id that the machine has to have. */
export const rebootCommand: Command = (run) => {
  const { host, world, user, args, out } = run;
  const [boot = ''] = args;
  if (user !== 'root') return fail(run, 'reboot: Operation not permitted');
  if (host.bootId !== boot) {
    out('again\n');
    return 0;
  }
  host.files.write(REBOOT_PATH, `${boot}\n`);
  out('rebooting\n');
  void world.clock
    .sleep(GOODBYE_MS, world.signal)
    .then(() => world.reboot(host.id))
    .catch((error: unknown) => {
      if (!world.signal.aborted) throw error;
    });
  return 0;
};

/** boot-id. */
export const bootIdCommand: Command = ({ host, out }) => {
  out(`${host.bootId}\n`);
  return 0;
};

/** end-reboot. */
export const endRebootCommand: Command = ({ host }) => {
  host.files.remove(REBOOT_PATH);
  return 0;
};
