import { CHANNELS } from './installer';
import { fail, type Command } from './command';

/** release-of-channel: address of the channel. */
export const channelCommand: Command = (run) => {
  const [url = ''] = run.args;
  const host = /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
  if (host === '' || host.endsWith('.invalid')) return fail(run, `curl: (6) Could not resolve host: ${host}`, 6);
  const release = CHANNELS[url.split('/').at(-1) ?? ''];
  const to = release === undefined ? url : `https://github.com/k3s-io/k3s/releases/tag/${release.replace('+', '%2B')}`;
  run.out(`${to}\n`);
  return 0;
};
