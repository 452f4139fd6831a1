import type { Reading } from '../installCommand';
import type { Device } from '../k3supCommand';
import { isConfigPath, registriesOf, takeConfig, takeEnvironment } from '../machineFiles';
import { listed } from '../../../base/words';
import { quoted } from '../quoted';
import { SCRIPT_OF, type Stream } from './builtins';
import { containerRun } from './containerRun';
import { bareVariables, readFound, type Found } from './foundCommand';
import { isInstaller, isOtherTool, isScriptName } from './installerNames';
import { NOWHERE, placesNamed, type NamedPlaces } from './namedPlaces';
import { remoteShells, type RemoteShell } from './remoteShell';
import type { RanCommand, ShellListener } from './shellListener';
import { ShellRun } from './shellRun';

const SHELL = /^(?:ba|da|z|a|k)?sh$/;
const K3S_BINARY = /^k3s(?:-(?:arm64|armhf|arm|amd64|s390x|riscv64))?$/;
const SHELL_FLAG = /^-(?:[a-z]*s|[eux]+|)$/;

/** What sets up K3s in a shell text. */
export class InstallRun implements ShellListener<ShellRun> {
  readonly #run = new ShellRun(this);
  readonly #found: Found[] = [];
  readonly #unused: string[] = [];
  readonly #notes: string[] = [];
  readonly #devices: readonly Device[];
  #at: Found['at'];
  /** An installer that was fetched, and whose pipe a missing backslash has cut off. */
  #pendingUrl: string | undefined;
  /** Variables that stand before the fetch of the installer instead of before the shell that runs it. */
  #misplaced: RanCommand['own'] = {};
  #named: NamedPlaces = NOWHERE;

  constructor(devices: readonly Device[] = []) {
    this.#devices = devices;
  }

  /** Reads commands. */
  shell(text: string): void {
    this.#run.run(text);
  }

  /** A file that the machine of the next command gets. */
  file(path: string, content: string): void {
    if (isConfigPath(path) && !path.includes('.d/') && this.#run.files.has(path)) this.#machineOfConfig();
    this.#run.files.set(path, content);
  }

  finish(): Reading {
    this.#machineOfConfig();
    const read = this.#found.map((found) => readFound(found, this.#devices, this.#run.files));
    const registries = this.#leftFiles() ?? read.find((each) => each.registries !== undefined)?.registries;
    const commands = read.flatMap((each) => each.commands);
    const bare = commands.length === 0 ? bareVariables(this.#run.variables) : [];
    const balancer = read.find((each) => each.balancer !== undefined)?.balancer;
    return {
      commands: [...commands, ...bare],
      notes: [...this.#notes, ...read.flatMap(({ notes }) => notes)],
      ...(balancer === undefined ? {} : { balancer }),
      ...(registries === undefined ? {} : { registries }),
    };
  }

  /** Whether a command of a tool was found, with machines or without. */
  get foundSome(): boolean {
    return this.#found.length > 0;
  }

  /** Parts of the text that say nothing about the cluster. */
  get left(): readonly string[] {
    return this.#unused;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  between(text: string): void {
    this.#named = placesNamed(text, 'comments') ?? this.#named;
  }

  unused(source: string): void {
    this.#named = placesNamed(source, 'prose') ?? this.#named;
    if (source.trim() !== '') this.#unused.push(source);
  }

  replaced(path: string): void {
    if (isConfigPath(path)) this.#machineOfConfig();
  }

  command(command: RanCommand, run: ShellRun): { readonly used: boolean; readonly output?: Stream } {
    const { words, variables, input, own } = command;
    const [name = '', ...args] = words;
    if (/^--?[a-z]/.test(name)) return { used: this.#stray(words) };
    if (name === 'cat' && args.length === 1 && isScriptName(args[0] ?? ''))
      return { used: false, output: { url: LOCAL } };
    if (name === 'curl' || name === 'wget') return this.#fetched(args, own, run);
    if (SHELL.test(name)) return { used: this.#shellCommand(args, command, run) };
    if (isScriptName(name)) return { used: this.#add('script', args, variables, this.#scriptOf(name, run)) };
    const verb = args.find((arg) => arg === 'server' || arg === 'agent');
    if (K3S_BINARY.test(name) && verb !== undefined && /^(?:-|server$|agent$)/.test(args[0] ?? ''))
      return { used: this.#add('script', args, variables) };
    if (/^k3sup(?:-\w+)?$/.test(name) && /^(?:install|join)$/.test(args[0] ?? ''))
      return { used: this.#add('k3sup', args, variables) };
    if (/^k3sup(?:-\w+)?$/.test(name) && args[0] === 'plan')
      return { used: this.#add('plan', args.slice(1), variables) };
    if (name === 'autok3s' && args.some((arg) => arg === 'create' || arg === 'join'))
      return { used: this.#add('autok3s', args, variables) };
    const contained = containerRun(words);
    if (contained !== undefined) {
      this.#add('script', contained.args, contained.variables);
      this.#notes.push(contained.note);
      return { used: true };
    }
    const remotes = remoteShells(words);
    if (remotes.length > 0)
      return { used: remotes.map((remote) => this.#remote(remote, input, run)).some((used) => used) };
    return { used: false };
  }

  #add(tool: Found['tool'], args: readonly string[], variables: Found['variables'], scriptUrl?: string): boolean {
    const at = args.findIndex((arg) => /^(?:--config|-c)(?:=|$)/.test(arg));
    const named = tool === 'script' && at >= 0 ? (args[at] ?? '').replace(/^[^=]*=?/, '') || args[at + 1] : undefined;
    const config = tool === 'script' ? takeConfig(this.#run.files, named ?? variables['K3S_CONFIG_FILE']) : undefined;
    const given = tool === 'script' ? { ...takeEnvironment(this.#run.files), ...variables } : variables;
    this.#found.push({
      tool,
      args: [...args],
      variables: given,
      scriptUrl,
      config,
      at: this.#at,
      notes: [],
      named: this.#named,
    });
    this.#named = NOWHERE;
    return true;
  }

  /** `--tls-san …` on a line of its own belongs to the command above. */
  #stray(words: readonly string[]): boolean {
    const last = this.#found.at(-1);
    if (last === undefined) return false;
    last.args.push(...words);
    last.notes.push(
      `A backslash is missing before ${quoted(words.join(' '))}: it was taken for a part of the command above it.`,
    );
    return true;
  }

  #fetched(
    args: readonly string[],
    own: RanCommand['own'],
    run: ShellRun,
  ): { readonly used: boolean; readonly output?: Stream } {
    const url =
      args.find((arg) => /^['"]?https?:\/\/\S+/.test(arg)) ?? args.find((arg) => /^get\.k3s\.io\/?$/.test(arg));
    if (url === undefined) return { used: false };
    const at = args.findIndex((arg) => /^-(?:\w*[oO]|-output|-output-document)$/.test(arg));
    const target = args[at + 1];
    const file =
      at < 0 || target === undefined || target === '-'
        ? undefined
        : /O$/.test(args[at] ?? '') && target.startsWith('http')
          ? url.replace(/.*\//, '')
          : target;
    if (file === undefined) {
      if (isInstaller(url)) {
        this.#pendingUrl = url;
        this.#misplaced = Object.fromEntries(Object.entries(own).filter(([each]) => /^(?:INSTALL_)?K3S_/.test(each)));
      }
      return { used: false, output: { url } };
    }
    if (!isInstaller(url)) return { used: false };
    run.files.set(file, `${SCRIPT_OF}${url}`);
    return { used: true };
  }

  #shellCommand(args: readonly string[], { variables, own, input }: RanCommand, run: ShellRun): boolean {
    const at = args.findIndex((arg) => arg === '-c' || arg === '-ec' || arg === '-lc');
    if (at >= 0) {
      const text = args[at + 1] ?? '';
      if (!text.startsWith(SCRIPT_OF)) return this.#inner(text, run, own, input);
      return this.#installed(
        text.slice(SCRIPT_OF.length),
        args.slice(at + 2).filter((arg, index) => !(index === 0 && /^(?:--|sh|bash|-)$/.test(arg))),
        variables,
      );
    }
    const first = args.findIndex((arg) => !SHELL_FLAG.test(arg) && arg !== '--');
    const readsInput = args.some((arg) => /^-[a-z]*s$/.test(arg)) || args[0] === '-' || first < 0;
    const words = first < 0 ? [] : args.slice(first);
    if (!readsInput || input === undefined) {
      const [file = ''] = words;
      if (file.startsWith(SCRIPT_OF)) return this.#installed(file.slice(SCRIPT_OF.length), words.slice(1), variables);
      if (!readsInput && (isScriptName(file) || run.files.get(file)?.startsWith(SCRIPT_OF) === true))
        return this.#add('script', words.slice(1), variables, this.#scriptOf(file, run));
      const script = run.files.get(file);
      if (!readsInput && script !== undefined) return this.#inner(script, run, own, input);
      if (!readsInput || this.#pendingUrl === undefined) return false;
      return this.#installed(this.#pendingUrl, words, variables);
    }
    return 'url' in input ? this.#installed(input.url, words, variables) : this.#inner(input.text, run, own);
  }

  #installed(url: string, args: readonly string[], variables: Found['variables']): boolean {
    this.#pendingUrl = undefined;
    const misplaced = this.#misplaced;
    this.#misplaced = {};
    if (url !== LOCAL && Object.keys(misplaced).length > 0) {
      this.#notes.push(
        `${listed(Object.keys(misplaced))} before curl or wget would not reach the install script; what was meant was taken over. They belong before sh.`,
      );
      return this.#installed(url, args, { ...misplaced, ...variables });
    }
    if (url === LOCAL) return this.#add('script', args, variables);
    const forK3s =
      isInstaller(url) ||
      args[0] === 'server' ||
      args[0] === 'agent' ||
      Object.keys(variables).some((name) => name.startsWith('INSTALL_K3S_'));
    return forK3s && !isOtherTool(url) && this.#add('script', args, variables, url);
  }

  #inner(text: string, run: ShellRun, own: RanCommand['own'], input?: Stream): boolean {
    run.inner(text, own, input);
    return true;
  }

  #scriptOf(file: string, run: ShellRun): string | undefined {
    const content = run.files.get(file) ?? run.files.get(`./${file}`) ?? run.files.get(file.replace(/^\.\//, ''));
    return content?.startsWith(SCRIPT_OF) === true ? content.slice(SCRIPT_OF.length) : undefined;
  }

  #remote(remote: RemoteShell, input: Stream | undefined, run: ShellRun): boolean {
    const text = remote.command ?? (input !== undefined && 'text' in input ? input.text : undefined);
    if (text === undefined) return false;
    const outer = this.#at;
    this.#at = remote.host === undefined ? undefined : { host: remote.host, ssh: remote.ssh };
    if (input !== undefined && 'url' in input) this.#pendingUrl = input.url;
    run.inner(text, {}, remote.command === undefined ? undefined : input);
    this.#at = outer;
    return true;
  }

  /** A configuration that was written and that no command uses is that of a machine of its own. */
  #machineOfConfig(): void {
    const config = takeConfig(this.#run.files);
    if (config === undefined) return;
    this.#found.push({ tool: 'script', args: [], variables: {}, config, at: this.#at, notes: [], alone: true });
  }

  /** What a registries.yaml among the files holds; the others that no command uses are told. */
  #leftFiles(): unknown {
    let found: unknown;
    for (const [path, content] of this.#run.files) {
      const registries = registriesOf(content);
      if (registries !== undefined) found = registries;
      else if (!content.startsWith(SCRIPT_OF))
        this.#notes.push(`The file ${path} that the text writes was not taken over: ${quoted(content)}.`);
    }
    return found;
  }
}

/** Stands for the address of a script that lies on the machine. */
const LOCAL = '';
