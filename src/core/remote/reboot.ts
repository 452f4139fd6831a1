import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { REBOOT_PATH } from '../k3s/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/**
 * $1: the boot id that the machine has to have. Writes it down where it outlives the reboot, so that a run that is cut off is told from
 * one that has not begun, and reboots. Prints `rebooting`, or `again` when the machine has been booted since.
 */
export const REBOOT_SCRIPT: RemoteScript = {
  id: 'reboot',
  text: `${ROOT_PATH}
if [ "$(cat ${BOOT_ID})" != "$1" ]; then echo again; exit 0; fi
mkdir -p "$(dirname ${REBOOT_PATH})" && printf '%s\\n' "$1" > ${REBOOT_PATH} || exit 1
sync
reboot </dev/null >&2 || { rm -f ${REBOOT_PATH}; exit 1; }
echo rebooting`,
};

/** Prints the boot id of the machine. */
export const BOOT_ID_SCRIPT: RemoteScript = { id: 'boot-id', text: `cat ${BOOT_ID}` };

/** Takes back what {@link REBOOT_SCRIPT} has written down. */
export const END_REBOOT_SCRIPT: RemoteScript = { id: 'end-reboot', text: `rm -f ${REBOOT_PATH}` };

/** Reboots a machine that still has this boot id. */
export function rebootMachine(boot: string): RemoteCommand<'rebooting' | 'again'> {
  return {
    script: REBOOT_SCRIPT,
    args: [boot],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output): Result<'rebooting' | 'again', Problem> => {
      const said = output.stdout.trim();
      if (output.exitCode === 0 && (said === 'rebooting' || said === 'again')) return ok(said);
      return err(
        failed('reboot-failed', 'The machine does not let itself be rebooted', output, [
          'Reboot it yourself, then run the same command again: it finishes what is left.',
        ]),
      );
    },
  };
}

/** The boot id of a machine: another one is another boot. */
export function bootId(): RemoteCommand<string> {
  return {
    script: BOOT_ID_SCRIPT,
    args: [],
    sudo: false,
    timeoutMs: 10_000,
    secrets: [],
    parse: (output: RemoteOutput) =>
      output.exitCode === 0 && output.stdout.trim() !== ''
        ? ok(output.stdout.trim())
        : err(problem('boot-id-unreadable', 'The machine does not tell its boot id')),
  };
}

/** The reboot is over. */
export function endReboot(): RemoteCommand<void> {
  return {
    script: END_REBOOT_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('end-reboot-failed', 'What is remembered of the reboot could not be removed', output)),
  };
}
