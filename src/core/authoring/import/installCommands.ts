import { fromAutoK3s } from './autoK3sCommand';
import { hereDocuments, readConfigFile, type ConfigFile } from './configFile';
import type { InstallCommand } from './installCommand';
import { fromK3sup } from './k3supCommand';
import { fromScript } from './scriptCommand';
import { shellCommands, type ShellCommand } from './shellWords';

/** Characters; longer texts are no commands of a tutorial. */
const LONGEST = 20_000;
/** Characters of a configuration file. */
const LONGEST_FILE = 1_000_000;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

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
