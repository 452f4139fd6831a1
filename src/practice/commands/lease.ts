import { fail, type Command } from './command';

const LEASE = '/var/lib/k3s-ha/lease';

/** take-lease: run, who, seconds, run that is over. Operators live in real time, whatever the time scale of the fleet. */
export const takeLeaseCommand: Command = (run) => {
  const [id = '', who = '', seconds = '0', over = ''] = run.args;
  const { files } = run.host;
  if (run.user !== 'root') return fail(run, `mkdir: cannot create directory '/var/lib/k3s-ha': Permission denied`);
  const now = Math.floor(Date.now() / 1000);
  const [holder = '', name = '', since = '', until = '0'] = (files.get(LEASE)?.content ?? '').split('\n');
  if (holder !== '' && holder !== id && holder !== over && Number(until) > now) {
    run.out(`held\n${name}\n${since}\n${holder}\n`);
    return 0;
  }
  const begin = holder === id ? since : String(now);
  files.write(LEASE, `${id}\n${who}\n${begin}\n${now + Number(seconds)}\n`, { mode: 0o600 });
  run.out(`taken\n${who}\n${begin}\n${id}\n`);
  return 0;
};

/** release-lease: run. */
export const releaseLeaseCommand: Command = ({ args, host }) => {
  if (host.files.get(LEASE)?.content.split('\n')[0] === args[0]) host.files.remove(LEASE);
  return 0;
};
