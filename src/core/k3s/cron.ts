import { later, said, say } from '../base/say';
import { err, ok, type Result } from '../base/result';

/** When a snapshot schedule fires. */
export interface CronSchedule {
  /** Minutes of the hour; absent for `@every`, which counts from the start of K3s. */
  readonly minutes?: readonly number[];
  /** Text in front of the minute field, e.g. a time zone with its blank; with `rest` it makes the expression again. */
  readonly before: string;
  readonly minute: string;
  readonly rest: string;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: later`minute`, min: 0, max: 59 },
  { name: later`hour`, min: 0, max: 23 },
  { name: later`day of the month`, min: 1, max: 31 },
  {
    name: later`month`,
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: later`day of the week`, min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** `1h30m`, as Go reads durations. */
const DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/**
 * Reads an `etcd-snapshot-schedule-cron` as K3s does (the standard parser of robfig/cron); the error says in words what
 * is wrong. https://pkg.go.dev/github.com/robfig/cron/v3#ParseStandard
 */
export function parseCron(expression: string): Result<CronSchedule, string> {
  const zone = /^(?:CRON_)?TZ=\S*\s*/.exec(expression)?.[0] ?? '';
  const spec = expression.slice(zone.length).trim();
  if (zone !== '' && spec === '') return err(say`there is nothing after the time zone`);
  const every = /^@every (.*)$/.exec(spec);
  if (every !== null) {
    return DURATION.test(every[1] ?? '')
      ? ok({ before: zone, minute: '', rest: spec })
      : err(say`"${every[1] ?? ''}" is not a duration such as 6h or 1h30m`);
  }
  const written = Object.hasOwn(DESCRIPTORS, spec) ? DESCRIPTORS[spec] : undefined;
  if (written === undefined && spec.startsWith('@'))
    return err(say`${spec} is not known; there are @hourly, @daily, @weekly, @monthly, @yearly and @every`);
  const fields = (written ?? spec).split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length)
    return err(
      say`it needs five fields (minute, hour, day of the month, month, day of the week) and has ${fields.length}`,
    );
  const read = fields.map((field, i) => readField(field, FIELDS[i] as Field));
  const wrong = read.find((result) => !result.ok);
  if (wrong !== undefined && !wrong.ok) return wrong;
  const [minutes] = read;
  return ok({
    ...(minutes?.ok === true ? { minutes: minutes.value } : {}),
    before: zone,
    minute: fields[0] ?? '',
    rest: ` ${fields.slice(1).join(' ')}`,
  });
}

/** The same schedule some minutes later; `undefined` where that cannot be said in the minute field alone. */
export function delayCron(schedule: CronSchedule, minutes: number): string | undefined {
  const { minute } = schedule;
  const step = /^(?:\*|0-59|0)\/(\d+)$/.exec(minute)?.[1];
  if (step !== undefined) return `${schedule.before}${minutes % Number(step)}-59/${step}${schedule.rest}`;
  return /^\d+$/.test(minute) ? `${schedule.before}${(Number(minute) + minutes) % 60}${schedule.rest}` : undefined;
}

function readField(text: string, field: Field): Result<readonly number[], string> {
  const values = new Set<number>();
  for (const part of text.split(',').filter((item) => item !== '')) {
    const range = readRange(part, field);
    if (!range.ok) return range;
    for (let value = range.value.start; value <= range.value.end; value += range.value.step) values.add(value);
  }
  return ok([...values].sort((a, b) => a - b));
}

/** `*`, `n`, `n-m`, each with `/step`; `n/step` runs to the end of the field. */
function readRange(
  part: string,
  field: Field,
): Result<{ readonly start: number; readonly end: number; readonly step: number }, string> {
  const bad = (reason: string) => err(`"${part}" ${reason} (${said(field.name)})`);
  const [span = '', stepText, ...moreSteps] = part.split('/');
  const [low = '', high, ...moreHyphens] = span.split('-');
  if (moreSteps.length > 0 || moreHyphens.length > 0) return bad(say`is not a number, a range or a step`);
  const step = stepText === undefined ? 1 : readNumber(stepText);
  if (step === undefined) return bad(say`has a step that is not a number`);
  if (step === 0) return bad(say`has the step 0`);
  if (low === '*' || low === '?') return ok({ start: field.min, end: field.max, step });
  const start = readValue(low, field);
  const end = high === undefined ? (stepText === undefined ? start : field.max) : readValue(high, field);
  if (start === undefined || end === undefined) return bad(say`is not a number`);
  if (start < field.min || end > field.max) return bad(say`is outside ${field.min} to ${field.max}`);
  return start > end ? bad(say`begins after its end`) : ok({ start, end, step });
}

function readValue(text: string, field: Field): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + field.min : readNumber(text);
}

function readNumber(text: string): number | undefined {
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}
