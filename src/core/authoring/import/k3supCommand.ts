import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, OptionValue } from './installCommand';
import { parseOptions, simpleFlags, splitArguments } from './optionArguments';

/** `k3sup install` and `k3sup join`. https://github.com/alexellis/k3sup#usage */
export function fromK3sup(args: readonly string[], variables: Readonly<Record<string, string>>): InstallCommand {
  const own = simpleFlags(args.slice(1));
  const joinsServer = args[0] === 'join' && own.has('server');
  const role: NodeRole = args[0] === 'install' || joinsServer ? 'server' : 'agent';
  const parsed = parseOptions(splitArguments(own.get('k3s-extra-args') ?? ''));
  const options: Record<string, OptionValue> = { ...parsed.options };
  if (own.has('cluster')) options['cluster-init'] = true;
  if (own.has('token')) options['token'] = own.get('token') ?? '';
  if (own.has('datastore')) options['datastore-endpoint'] = own.get('datastore') ?? '';
  if (own.has('tls-san')) options['tls-san'] = (own.get('tls-san') ?? '').split(',');
  const target = own.get('server-ip') ?? own.get('server-host');
  if (args[0] === 'join' && target !== undefined) options['server'] = `https://${target}:6443`;
  const env: Record<string, string> = {};
  if (own.has('k3s-version')) env['INSTALL_K3S_VERSION'] = own.get('k3s-version') ?? '';
  if (own.has('k3s-channel')) env['INSTALL_K3S_CHANNEL'] = own.get('k3s-channel') ?? '';
  const host = own.get('ip') ?? own.get('host');
  return {
    role,
    options,
    env: { ...env, ...(variables['http_proxy'] === undefined ? {} : { http_proxy: variables['http_proxy'] }) },
    notes: parsed.notes,
    ...(host === undefined ? {} : { host }),
    ...(own.has('user') ? { sshUser: own.get('user') ?? '' } : {}),
    ...(own.has('ssh-key') ? { sshKey: own.get('ssh-key') ?? '' } : {}),
  };
}
