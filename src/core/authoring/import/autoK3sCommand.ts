import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, OptionValue } from './installCommand';
import { parseOptions, simpleFlags, splitArguments, type ParsedOptions } from './optionArguments';

/** AutoK3s names all machines in one command. */
export function fromAutoK3s(args: readonly string[]): InstallCommand[] {
  const own = simpleFlags(args.slice(1));
  const masters = (own.get('master-ips') ?? '').split(',').filter((ip) => ip !== '');
  const workers = (own.get('worker-ips') ?? '').split(',').filter((ip) => ip !== '');
  const shared: Record<string, OptionValue> = {};
  if (own.has('cluster')) shared['cluster-init'] = true;
  if (own.has('token')) shared['token'] = own.get('token') ?? '';
  if (own.has('datastore')) shared['datastore-endpoint'] = own.get('datastore') ?? '';
  if (own.has('tls-sans')) shared['tls-san'] = (own.get('tls-sans') ?? '').split(',');
  const env: Record<string, string> = {};
  if (own.has('k3s-version')) env['INSTALL_K3S_VERSION'] = own.get('k3s-version') ?? '';
  if (own.has('k3s-channel')) env['INSTALL_K3S_CHANNEL'] = own.get('k3s-channel') ?? '';
  const masterArgs = parseOptions(splitArguments(own.get('master-extra-args') ?? ''));
  const workerArgs = parseOptions(splitArguments(own.get('worker-extra-args') ?? ''));
  const provider = own.get('provider') ?? own.get('p') ?? 'native';
  const notes =
    provider === 'native'
      ? []
      : [
          `The provider ${provider} creates machines; K3s HA works on machines that are there. Fill in their addresses.`,
        ];
  const port = Number(own.get('ssh-port') ?? 22);
  const ssh = {
    ...(own.has('name') ? { clusterName: own.get('name') ?? '' } : {}),
    ...(port === 22 ? {} : { sshPort: port }),
    ...(own.has('ssh-user') ? { sshUser: own.get('ssh-user') ?? '' } : {}),
    ...(own.has('ssh-key-path') ? { sshKey: own.get('ssh-key-path') ?? '' } : {}),
  };
  const scriptUrl = own.get('k3s-install-script');
  const count = (flag: string, ips: readonly string[]): readonly (string | undefined)[] =>
    ips.length > 0 ? ips : Array.from({ length: Number(own.get(flag) ?? 0) || 0 }, () => undefined);
  const command = (role: NodeRole, host: string | undefined, parsed: ParsedOptions): InstallCommand => ({
    role,
    options:
      role === 'server'
        ? { ...shared, ...parsed.options }
        : { ...(shared['token'] === undefined ? {} : { token: shared['token'] }), ...parsed.options },
    env,
    notes: [...notes, ...parsed.notes],
    ...(host === undefined ? {} : { host }),
    ...ssh,
    ...(scriptUrl === undefined ? {} : { scriptUrl }),
  });
  return [
    ...count('master', masters).map((host) => command('server', host, masterArgs)),
    ...count('worker', workers).map((host) => command('agent', host, workerArgs)),
  ];
}
