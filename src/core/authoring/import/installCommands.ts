import { K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { NodeRole } from '../../k3s/nodeRole';
import { hereDocuments, readConfigFile, type ConfigFile } from './configFile';
import type { InstallCommand, OptionValue } from './installCommand';
import { shellCommands, type ShellCommand } from './shellWords';

/** Variables that say how this one run of the script goes, and nothing about the cluster. */
const OF_THE_RUN = /^INSTALL_K3S_(?:EXEC|SKIP_START|SKIP_ENABLE|FORCE_RESTART|NAME|TYPE|SYMLINK)$/;
/** Characters; longer texts are no commands of a tutorial. */
const LONGEST = 20_000;
/** Characters of a configuration file. */
const LONGEST_FILE = 1_000_000;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

const BY_VARIABLE: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => {
    const variable = optionFacts(name)?.env;
    return variable === undefined ? [] : [[variable, name] as const];
  }),
);
const BY_ALIAS: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => [
    [name, name] as const,
    ...(optionFacts(name)?.aliases ?? []).map((alias) => [alias, name] as const),
  ]),
);

/** Why a text is too long to be imported, as a sentence; undefined when it is not. */
export function tooLong(text: string): string | undefined {
  return text.length <= LONGEST_FILE
    ? undefined
    : `The text has ${(text.length / 1_000_000).toFixed(1)} million characters; one million is the most that is imported.`;
}

/** Whether a text holds a command that sets up K3s; prose about K3s and YAML do not. */
export function looksLikeInstallCommand(text: string): boolean {
  if (text.length >= LONGEST) return false;
  if (hereDocuments(text).some(({ content }) => readConfigFile(content) !== undefined)) return true;
  return (
    /(?:\bcurl\b|\bwget\b)[^\n]*\|[\s\\]*(?:\w+=[^\s\\]+[\s\\]+)*(?:sudo |env )*(?:\w+=[^\s\\]+[\s\\]+)*(?:ba)?sh\b|^[ \t]*(?:[$#] )?(?:sudo |env )*(?:\w+=\S+\s+)*(?:k3s (?:server|agent)\b|k3sup (?:install|join)\b|autok3s (?:create|join)\b|\.?\/?(?:k3s-)?install\.sh\b)/m.test(
      text,
    ) && readInstallCommands(text).length > 0
  );
}

/**
 * Everything in a text that sets up K3s, in its order: commands, and configuration files that a shell would write, which
 * belong to the next command. A text that is such a file as a whole stands for one machine. Other texts of more than
 * 20,000 characters give nothing.
 */
export function readInstallCommands(text: string): InstallCommand[] {
  const config = readConfigFile(text);
  if (config !== undefined) return [fromConfigFile(config)];
  if (text.length >= LONGEST) return [];
  const found: InstallCommand[] = [];
  let written: ConfigFile | undefined;
  let rest = text.replace(/\r\n?/g, '\n');
  for (;;) {
    const [next] = hereDocuments(rest);
    const commands = readCommands(
      next === undefined ? rest : rest.slice(0, next.end).replace(`\n${next.content}\n`, '\n'),
    );
    found.push(
      ...commands.map((command, index) =>
        index === 0 && written !== undefined ? withConfigFile(command, written) : command,
      ),
    );
    if (written !== undefined && commands.length === 0) found.push(fromConfigFile(written));
    if (next === undefined) return found;
    written = readConfigFile(next.content);
    rest = rest.slice(next.end);
  }
}

/** Options of the command line win over those of the file. https://docs.k3s.io/installation/configuration */
function withConfigFile(command: InstallCommand, { options, notes }: ConfigFile): InstallCommand {
  return { ...command, options: { ...options, ...command.options }, notes: [...notes, ...command.notes] };
}

function fromConfigFile({ options, notes, role }: ConfigFile): InstallCommand {
  const assumed = role ?? (options['server'] === undefined ? 'server' : 'agent');
  return {
    role: assumed,
    options,
    env: {},
    notes:
      role === undefined
        ? [
            ...notes,
            `The configuration file does not say whether it is of a server or an agent; it was taken for that of ${assumed === 'agent' ? 'an agent' : 'a server'}.`,
          ]
        : notes,
  };
}

/** Commands only; variables exported on earlier lines count. */
function readCommands(text: string): InstallCommand[] {
  const exported: Record<string, string> = {};
  const found: InstallCommand[] = [];
  let scriptUrl: string | undefined;
  for (const words of shellCommands(text)) {
    const { variables, rest } = leadingVariables(words);
    const [program = '', ...args] = rest;
    const name = program.replace(/^.*\//, '');
    if (name === 'export' || rest.length === 0) {
      Object.assign(exported, variables, leadingVariables(args).variables);
      continue;
    }
    const url = args.find((arg) => /^https?:\/\/\S+/.test(arg));
    if ((name === 'curl' || name === 'wget') && url !== undefined) {
      scriptUrl = url;
      continue;
    }
    const all = { ...exported, ...variables };
    if (name === 'sh' || name === 'bash') {
      if (scriptUrl === undefined || !isInstaller(scriptUrl)) continue;
      found.push(
        fromScript(
          args.filter((arg, index) => !(arg === '-s' || (arg === '-' && index < 2))),
          all,
          scriptUrl,
        ),
      );
      scriptUrl = undefined;
    } else if (/^(?:k3s-)?install\.sh$/.test(name)) found.push(fromScript(args, all, undefined));
    else if (name === 'k3s' && (args[0] === 'server' || args[0] === 'agent'))
      found.push(fromScript(args, all, undefined));
    else if (name === 'k3sup' && (args[0] === 'install' || args[0] === 'join')) found.push(fromK3sup(args, all));
    else if (name === 'autok3s' && (args[0] === 'create' || args[0] === 'join')) found.push(...fromAutoK3s(args));
  }
  return found;
}

function isInstaller(url: string): boolean {
  return /k3s/i.test(url);
}

function leadingVariables(words: ShellCommand): {
  readonly variables: Record<string, string>;
  readonly rest: readonly string[];
} {
  const variables: Record<string, string> = {};
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const match = VARIABLE.exec(word);
    if (match !== null) variables[match[1] ?? ''] = match[2] ?? '';
    else if (!/^(?:sudo|env|-E|-H|nohup|time)$/.test(word)) break;
  }
  return { variables, rest: words.slice(index) };
}

/** The install script and `k3s server|agent` take the same arguments. */
function fromScript(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  scriptUrl: string | undefined,
): InstallCommand {
  const exec = splitArguments(variables['INSTALL_K3S_EXEC'] ?? '');
  const words = [...exec, ...args];
  const named = words[0] === 'server' || words[0] === 'agent' ? words[0] : undefined;
  // The script's own rule: a URL makes an agent. https://docs.k3s.io/reference/env-variables
  const role: NodeRole = named ?? (variables['K3S_URL'] !== undefined ? 'agent' : 'server');
  const parsed = parseOptions(named === undefined ? words : words.slice(1));
  const env: Record<string, string> = {};
  const fromEnv: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(variables)) {
    const option = name === 'K3S_URL' ? 'server' : BY_VARIABLE.get(name);
    if (option !== undefined) fromEnv[option] = value === 'true' ? true : value;
    else if (/^INSTALL_K3S_/.test(name) ? !OF_THE_RUN.test(name) : /_proxy$/i.test(name)) env[name] = value;
  }
  return {
    role,
    options: { ...fromEnv, ...parsed.options },
    env,
    notes: parsed.notes,
    ...(scriptUrl === undefined ? {} : { scriptUrl }),
  };
}

function fromK3sup(args: readonly string[], variables: Readonly<Record<string, string>>): InstallCommand {
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

/** AutoK3s names all machines in one command. */
function fromAutoK3s(args: readonly string[]): InstallCommand[] {
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
  const command = (
    role: NodeRole,
    host: string | undefined,
    parsed: ReturnType<typeof parseOptions>,
  ): InstallCommand => ({
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

function splitArguments(text: string): readonly string[] {
  return shellCommands(text).flat();
}

/** Their values are options themselves. */
const EXTRA_ARGUMENTS = /-extra-args$/;

/** Flags of a tool of its own: `--name value`, `--name=value` or a switch. */
function simpleFlags(args: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const [name = '', inline] = splitFlag(args[i] ?? '');
    if (name === '') continue;
    const next = args[i + 1];
    if (inline !== undefined) flags.set(name, inline);
    else if (next !== undefined && (EXTRA_ARGUMENTS.test(name) || !/^--?[a-z]/i.test(next)))
      flags.set(name, args[(i += 1)] ?? '');
    else flags.set(name, 'true');
  }
  return flags;
}

function splitFlag(arg: string): readonly [string?, string?] {
  const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg);
  return match === null ? [] : [match[1], match[2]];
}

/** Options of K3s as its command line takes them. */
function parseOptions(args: readonly string[]): {
  readonly options: Record<string, OptionValue>;
  readonly notes: readonly string[];
} {
  const options: Record<string, OptionValue> = {};
  const notes: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const [written, inline] = splitFlag(arg);
    if (written === undefined) {
      notes.push(`"${arg}" was passed over: it belongs to no option.`);
      continue;
    }
    const name = BY_ALIAS.get(written);
    const next = args[i + 1];
    if (name === undefined) {
      notes.push(`--${written} is no option of K3s and was passed over.`);
      if (inline === undefined && next !== undefined && !next.startsWith('-')) i += 1;
      continue;
    }
    const types = typesOf(name);
    if (types.includes('boolean') && inline === undefined) options[name] = true;
    else {
      const text = inline ?? (next !== undefined ? (args[(i += 1)] ?? '') : '');
      const before = options[name];
      if (types.includes('boolean')) options[name] = text !== 'false';
      else if (types.includes('array'))
        options[name] = [
          ...(Array.isArray(before) ? (before as readonly string[]) : []),
          ...(optionFacts(name)?.commaSplit === true ? text.split(',') : [text]),
        ];
      else options[name] = text;
    }
  }
  return { options, notes };
}

function typesOf(name: string): readonly string[] {
  const { type } = (K3S_OPTIONS[name] ?? {}) as { readonly type?: string | readonly string[] };
  return typeof type === 'string' ? [type] : (type ?? []);
}
