import { recording } from '../support/journals';

/** One command of a recorded transcript. */
export interface Transcribed {
  readonly host: string;
  readonly command: string;
  readonly out: string;
  readonly err: string;
  readonly rc: number;
  readonly seconds: number;
}

/** The commands of a transcript, in their order. */
export function transcript(name: string): readonly Transcribed[] {
  return recording(name)
    .split(/^\$ \[/m)
    .slice(1)
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const [, host = '', command = ''] = /^(\w+)\] (.*)$/.exec(head) ?? [];
      // Where the output has no line end, the exit status follows on the same line.
      const text = lines.join('\n').replace(/(?<!\n|^)rc=(\d+ after)/g, '\nrc=$1');
      const stream = (mark: string): string =>
        [...text.matchAll(new RegExp(`^${mark}\\| (.*)$`, 'gm'))].map((match) => match[1]).join('\n');
      const [, rc = '0', seconds = '0'] = /^rc=(\d+) after ([\d.]+) s/m.exec(text) ?? [];
      return { host, command, out: stream('out'), err: stream('err'), rc: Number(rc), seconds: Number(seconds) };
    });
}

/** A change of the answer to one question: seconds from the start, and what was answered from then on. */
export interface Change {
  readonly at: number;
  readonly answer: string;
}

/** The answers on 6443 while a server starts or stops, by the question; 0 is the start or the stop. */
export function httpTimeline(name: string): ReadonlyMap<string, readonly Change[]> {
  const text = recording(name);
  const before = Number(/0 = ([\d.]+) s before/.exec(text)?.[1] ?? 0);
  const changes = new Map<string, Change[]>();
  for (const [, at = '', question = '', answer = ''] of text.matchAll(/^ +([\d.]+) (\w+) +(.*)$/gm)) {
    if (answer.startsWith('end after')) continue;
    const [, status = '', body = ''] = /^(\d{3}) (.*?)(?:\\n)?(?: {2}\([\d.]+ s\))?$/.exec(answer) ?? [];
    add(changes, question, { at: Number(at) - before, answer: answerForm(Number(status), body) });
  }
  return changes;
}

/** Adds a change where the answer is another one than before. */
export function add(changes: Map<string, Change[]>, question: string, change: Change): void {
  const known = changes.get(question) ?? [];
  if (known.at(-1)?.answer !== change.answer) changes.set(question, [...known, change]);
}

/** An answer without what differs from one to the next; status 0 is none. */
export function answerForm(status: number, body: string): string {
  if (status === 0) return 'no answer';
  const message = /"message":"([^"]*)"/.exec(body)?.[1];
  if (message !== undefined) return `${status} ${message}${body.includes('"apiVersion"') ? '' : ', by the supervisor'}`;
  if (/PEM|BEGIN CERTIFICATE/.test(body)) return `${status} certificate`;
  if (/^\[[+-]\]/.test(body)) return `${status} list of checks`;
  return `${status} ${body.trim()}`;
}

/** A line of a watch or of a timeline: seconds, node or host, field, old and new value. */
export interface Watched {
  readonly at: number;
  readonly who: string;
  readonly field: string;
  readonly now: string;
}

/** The changes of node objects in a watch or in the second half of a removal. */
export function watched(name: string): readonly Watched[] {
  return [...recording(name).matchAll(/^ *([+-]?[\d.]+) (?:nodes )?(\w+) (\S+(?: \S+)?) : .* -> (.*)$/gm)].map(
    ([, at = '', who = '', field = '', now = '']) => ({ at: Number(at), who, field, now: now.trim() }),
  );
}
