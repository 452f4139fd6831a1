import type { Assignment, Command, CommandNode, CompoundList, PipelineNode, Statement } from 'unbash';
import { parse } from 'unbash';
import { revealed } from '../placeholder';
import { quoted } from '../quoted';
import { printed, sequence, SCRIPT_OF, unwrapped, type Stream } from './builtins';
import { expandText, expandWord, type ShellValues } from './expand';
import { ShellFiles } from './shellFiles';
import { isInstaller } from './installerNames';
import type { ShellListener } from './shellListener';
import { shellStatements } from './statements';

interface Ran {
  readonly used: boolean;
  readonly output?: Stream | undefined;
}

/** Commands that one text may run, loops included. */
const MOST_COMMANDS = 3000;
const MOST_DEPTH = 12;
const QUIET = /^(?:set|shift|true|false|:|exit|return|wait|break|continue|shopt|trap|unset)$/;
const DECLARE = /^(?:export|declare|readonly|local|typeset)$/;
const USED: Ran = { used: true };

/** Reads shell text as if it ran: assignments, loops over what is known, here-documents and files that are written. */
export class ShellRun implements ShellValues {
  readonly #files: ShellFiles;
  readonly #listener: ShellListener<ShellRun>;
  readonly #variables = new Map<string, readonly string[]>([['HOME', ['~']]]);
  readonly #functions = new Map<string, CompoundList>();
  #commands = 0;
  #depth = 0;
  #text = '';
  /** What commands read that get nothing of their own. */
  #input: Stream | undefined;

  constructor(listener: ShellListener<ShellRun>) {
    this.#listener = listener;
    this.#files = new ShellFiles((path) => listener.replaced(path));
  }

  get files(): Map<string, string> {
    return this.#files.contents;
  }

  /** Assigned variables that are single texts. */
  get variables(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#variables].flatMap(([name, [first]]) =>
        first === undefined || name === 'HOME' ? [] : [[name, first]],
      ),
    );
  }

  run(text: string): void {
    if (this.#depth >= MOST_DEPTH) return this.#listener.unused(text);
    const outer = this.#text;
    this.#depth += 1;
    let end = 0;
    for (const piece of shellStatements(text)) {
      if (piece.text !== this.#text) end = 0;
      this.#text = piece.text;
      if (piece.kind === 'unread') this.#listener.unused(piece.text);
      else {
        const { statement, mended } = piece;
        if (mended !== undefined)
          this.#listener.note(`A quote is missing in ${quoted(mended)}: it was read as if it stood before the shell.`);
        if (this.#depth === 1) this.#listener.between(piece.text.slice(end, statement.pos));
        ({ end } = statement);
        this.#statement(statement);
      }
    }
    this.#depth -= 1;
    this.#text = outer;
  }

  /** Reads a text as a shell of its own would, with variables and an input that only it has. */
  inner(text: string, variables: Readonly<Record<string, string>>, input: Stream | undefined): void {
    const before = Object.keys(variables).map((name) => [name, this.#variables.get(name)] as const);
    const outer = this.#input;
    for (const [name, value] of Object.entries(variables)) this.assign(name, value);
    this.#input = input;
    this.run(text);
    this.#input = outer;
    for (const [name, value] of before) {
      if (value === undefined) this.#variables.delete(name);
      else this.#variables.set(name, value);
    }
  }

  variable(name: string): readonly string[] | undefined {
    return this.#variables.get(name);
  }

  assign(name: string, value: string): void {
    this.#variables.set(name, [value]);
  }

  output(text: string): string | undefined {
    const inner = /^(?:\$\(|<\()([\s\S]*)\)$|^`([\s\S]*)`$/.exec(text);
    const { commands } = parse(inner?.[1] ?? inner?.[2] ?? '');
    const first = commands[0]?.command;
    if (first?.type !== 'Command' || commands.length > 1) return undefined;
    const words = this.#words(first);
    if (words[0] === 'seq') return sequence(words.slice(1));
    const url = /^(?:curl|wget)$/.test(words[0] ?? '') ? words.find((word) => /^https?:\/\//.test(word)) : undefined;
    if (url !== undefined) return isInstaller(url) ? `${SCRIPT_OF}${url}` : undefined;
    const stream = printed(words, undefined, this.files);
    return stream !== undefined && 'text' in stream ? stream.text.trimEnd() : undefined;
  }

  #source({ pos, end }: { readonly pos: number; readonly end: number }): string {
    return this.#text.slice(pos, end);
  }

  #statement({ command }: Statement): void {
    for (const each of command.type === 'AndOr' ? command.commands : [command]) {
      if (!this.#pipeline(each)) this.#listener.unused(this.#source(each));
    }
  }

  #list(list: CompoundList): void {
    for (const statement of list.commands) this.#statement(statement);
  }

  /** Whether anything of it was used. */
  #pipeline(node: PipelineNode): boolean {
    let ran: Ran = { used: false };
    for (const each of node.type === 'Pipeline' ? node.commands : [node]) {
      const next = this.#node(each, ran.output);
      ran = { used: ran.used || next.used, output: next.output };
    }
    return ran.used;
  }

  #node(node: CommandNode, input: Stream | undefined): Ran {
    switch (node.type) {
      case 'Command':
        return this.#command(node, input);
      case 'Redirected':
        return this.#node(node.command, this.#files.input(node.redirects, this) ?? input);
      case 'Function':
        if (node.body.type === 'BraceGroup') this.#functions.set(node.name.value, node.body.body);
        return { used: node.body.type === 'BraceGroup' };
      case 'For':
        this.#loop(
          node.name.value,
          (node.wordlist ?? []).flatMap((word) => expandWord(word, this)),
          node.body,
        );
        return USED;
      case 'If':
        return this.#branches(node);
      case 'BraceGroup':
      case 'Subshell':
        this.#list(node.body);
        return USED;
      case 'While':
      case 'ArithmeticFor':
        return this.#repeated(node, input);
      default:
        return { used: false };
    }
  }

  #branches(node: Extract<CommandNode, { readonly type: 'If' }>): Ran {
    if (!/k3s/i.test(this.#source(node))) return { used: false };
    if (node.else !== undefined || node.elif.length > 0)
      this.#listener.note(`What decides in ${short(this.#source(node))} is not known here: all branches were read.`);
    for (const list of [node.then, ...node.elif.map(({ then }) => then)]) this.#list(list);
    if (node.else !== undefined) this.#list(node.else);
    return USED;
  }

  #loop(name: string, items: readonly string[], body: CompoundList): void {
    const before = this.#variables.get(name);
    for (const item of items) {
      this.#variables.set(name, [item]);
      this.#list(body);
    }
    if (before === undefined) this.#variables.delete(name);
    else this.#variables.set(name, before);
  }

  /** `while read` goes over the lines of what is known; nobody knows how often others are repeated: what is in them is read once. */
  #repeated(node: Extract<CommandNode, { readonly type: 'While' | 'ArithmeticFor' }>, input: Stream | undefined): Ran {
    const source = this.#source(node);
    if (!/k3s/i.test(source)) return { used: false };
    const names = node.type === 'While' ? readNames(this.#source(node.clause)) : undefined;
    if (names !== undefined && input !== undefined && 'text' in input) {
      for (const line of input.text.split('\n').filter((each) => each.trim() !== '')) {
        const words = line.trim().split(/\s+/);
        names.forEach((name, i) =>
          this.assign(name, (i === names.length - 1 ? words.slice(i) : words.slice(i, i + 1)).join(' ')),
        );
        this.#list(node.body);
      }
      return USED;
    }
    this.#listener.note(`How often ${short(source)} is repeated is not known here: it was read once.`);
    // What is tried until it works stands before the body.
    if (node.type === 'While' && /k3s/i.test(this.#source(node.clause))) this.#list(node.clause);
    this.#list(node.body);
    return USED;
  }

  #words(command: Command): readonly string[] {
    const name = command.name === undefined ? [] : expandWord(command.name, this);
    return [
      ...name,
      ...command.args.flatMap((arg) => (arg.type === 'Word' ? expandWord(arg, this) : [this.#written(arg)])),
    ];
  }

  #written({ name, value }: Assignment): string {
    return `${name}=${value.type === 'ArrayValue' ? '' : expandText(value, this)}`;
  }

  #assign({ name, value, append }: Assignment): void {
    const before = append === true ? (this.#variables.get(name) ?? []) : [];
    if (value.type === 'ArrayValue')
      this.#variables.set(name, [...before, ...value.elements.flatMap((element) => expandWord(element, this))]);
    else this.assign(name, `${before[0] ?? ''}${expandText(value, this)}`);
  }

  #command(command: Command, piped: Stream | undefined): Ran {
    this.#commands += 1;
    if (this.#commands > MOST_COMMANDS) {
      if (this.#commands === MOST_COMMANDS + 1)
        this.#listener.note(`The text runs more than ${MOST_COMMANDS} commands; the others were not read.`);
      return USED;
    }
    const before = command.prefix.filter((part) => part.type === 'Assignment');
    const input = this.#files.input(command.redirects, this) ?? piped ?? this.#input;
    const { words, variables } = unwrapped(this.#words(command));
    if (words.length === 0) {
      for (const each of before) this.#assign(each);
      for (const [key, value] of Object.entries(variables)) this.assign(key, value);
      return { used: before.length > 0, output: input };
    }
    const [program = '', ...args] = words;
    const name = program.replace(/^\\/, '').replace(/^.*\//, '');
    if (DECLARE.test(name)) {
      for (const each of command.args) if (each.type === 'Assignment') this.#assign(each);
      return USED;
    }
    if (QUIET.test(name)) return USED;
    const body = this.#functions.get(name);
    if (body !== undefined) return this.#call(body, args);
    if (name === 'tee' && input !== undefined && 'text' in input) {
      const appends = args.some((arg) => /^-\w*a|^--append/.test(arg));
      for (const path of args.filter((arg) => !arg.startsWith('-'))) this.#files.write(path, input.text, appends);
      return USED;
    }
    const handed = printed([name, ...args], input, this.files);
    const own = Object.fromEntries(before.map((each) => [each.name, this.#written(each).slice(each.name.length + 1)]));
    const ran =
      handed === undefined
        ? this.#listener.command(
            {
              words: [name, ...args],
              variables: { ...this.variables, ...own, ...variables },
              own: { ...own, ...variables },
              input,
            },
            this,
          )
        : { used: false, output: handed };
    return ran.output !== undefined && this.#files.redirect(command.redirects, ran.output, this) ? USED : ran;
  }

  #call(body: CompoundList, args: readonly string[]): Ran {
    if (this.#depth >= MOST_DEPTH) return { used: false };
    const names = ['@', ...args.map((_arg, index) => String(index + 1))];
    const before = names.map((name) => this.#variables.get(name));
    this.#depth += 1;
    this.#variables.set('@', args);
    args.forEach((arg, index) => this.assign(String(index + 1), arg));
    this.#list(body);
    this.#depth -= 1;
    names.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) this.#variables.delete(name);
      else this.#variables.set(name, value);
    });
    return USED;
  }
}

const short = (source: string): string => `"${revealed(source.split('\n')[0] ?? '').slice(0, 80)} …"`;

/** The variables of `IFS=… read -r a b`; undefined for another condition. */
function readNames(clause: string): readonly string[] | undefined {
  const words = /^(?:IFS=\S*\s+)?read((?:\s+-\w+)*)((?:\s+[A-Za-z_]\w*)+)[\s;]*$/.exec(clause.trim())?.[2];
  return words?.trim().split(/\s+/);
}
