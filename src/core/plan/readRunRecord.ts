import type { Problem } from '../base/problem';
import type { DifferenceRecord, RunRecord, StepRecord } from './runRecord';

/** A record of a file or a host; undefined when it is none. Everything in it is somebody's text: it is shown and nothing else. */
export function readRunRecord(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const record = fields(value);
  const file = fields(record['file']);
  const [result] = RESULTS.filter((one) => one === record['result']);
  const [began, ended] = [record['began'], record['ended']].map(time);
  if (record['format'] !== 1 || result === undefined || began === undefined) return undefined;
  return {
    format: 1,
    id: word(record['id']),
    operation: word(record['operation']),
    cluster: word(record['cluster']),
    by: word(record['by']),
    file: { name: word(file['name']), sha256: word(file['sha256']) },
    began,
    ...(ended === undefined ? {} : { ended }),
    result,
    steps: list(record['steps']).map(stepOf),
    problems: list(record['problems']).map(problemOf),
    ...(record['omitted'] === undefined ? {} : { omitted: word(record['omitted']) }),
  };
}

const RESULTS = ['done', 'failed', 'cancelled', 'unfinished'] as const;
const STATES = ['pending', 'running', 'done', 'failed', 'unknown', 'skipped', 'cancelled'] as const;
const WORDS = ['new', 'changed', 'removed'] as const;

function stepOf(value: unknown): StepRecord {
  const step = fields(value);
  const { seconds } = step;
  return {
    id: word(step['id']),
    about: word(step['about']),
    title: word(step['title']),
    reason: word(step['reason']),
    state: STATES.find((one) => one === step['state']) ?? 'unknown',
    ...(typeof seconds === 'number' ? { seconds } : {}),
    differences: list(step['differences']).map(differenceOf),
  };
}

function differenceOf(value: unknown): DifferenceRecord {
  const difference = fields(value);
  return {
    path: word(difference['path']),
    word: WORDS.find((one) => one === difference['word']) ?? 'changed',
    lines: list(difference['lines']).map(word),
  };
}

function problemOf(value: unknown): Problem {
  const found = fields(value);
  const { host, why, details } = found;
  return {
    code: word(found['code']),
    message: word(found['message']),
    ...(host === undefined ? {} : { host: word(host) }),
    ...(why === undefined ? {} : { why: word(why) }),
    ...(details === undefined ? {} : { details: list(details).map(word) }),
    nextSteps: list(found['nextSteps']).map(word),
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function time(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
