import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { MAX_PAGES, MAX_STREAM, tooMuch } from './answerLimits';
import { explainFailure, explainStatus } from './apiProblem';
import type { Answer, Connection } from './connection';

/** Small enough that no answer blocks a server or this process for long; 500 is what kubectl uses. */
const PAGE_SIZE = 500;
const GONE = 410;

/** A list of the API, as it is asked for. */
export interface ListQuestion<T> {
  readonly path: string;
  /** What its items are called, e.g. `nodes`. */
  readonly items: string;
  /** More than these has no cluster. */
  readonly most: number;
  /** What is kept of an item, so that whole pods do not fill the memory. */
  readonly read: (item: unknown) => T;
}

export interface ListAnswer<T> {
  readonly items: readonly T[];
  /** From where to watch on. */
  readonly resourceVersion: string;
}

/** All items of a list, page by page, as the API sends them: times stay text, as in the events of a watch. */
export async function fetchPages<T>(
  connection: Connection,
  { path, items: noun, most, read }: ListQuestion<T>,
  signal: AbortSignal,
): Promise<Result<ListAnswer<T>, Problem>> {
  let items: T[] = [];
  let next = '';
  let size = 0;
  for (let pages = 0; ; pages += 1) {
    if (pages === MAX_PAGES)
      return err(tooMuch(connection.server, `a list of ${noun} that has not ended after ${MAX_PAGES} pages`));
    const query = new URLSearchParams(
      next === '' ? { limit: String(PAGE_SIZE) } : { limit: String(PAGE_SIZE), continue: next },
    );
    const answer = await ask(connection, `${path}?${query}`, signal);
    if (!answer.ok) return answer;
    if (answer.value.status === GONE && next !== '') {
      // The snapshot behind the pages is gone: start over with a new one.
      [items, next] = [[], ''];
      continue;
    }
    if (answer.value.status !== 200) return err(explainStatus(answer.value.status, answer.value.body, connection));
    const page = readPage(answer.value.body);
    if (page === undefined)
      return err(
        problem(
          'api-failed',
          `The Kubernetes API at ${connection.server} answered with something that is no list of ${noun}.`,
          { nextSteps: ['Check that the address leads to a Kubernetes API.'] },
        ),
      );
    for (const item of page.items) items.push(read(item));
    size += answer.value.body.length;
    if (items.length > most) return err(tooMuch(connection.server, `more than ${most} ${noun}`));
    if (size > MAX_STREAM) return err(tooMuch(connection.server, `a list of ${noun} that fills the memory`));
    if (page.next === '') return ok({ items, resourceVersion: page.resourceVersion });
    next = page.next;
  }
}

/** One request; a failure to get any answer is a problem, a bad status is not. */
export async function ask(connection: Connection, path: string, signal: AbortSignal): Promise<Result<Answer, Problem>> {
  try {
    return ok(await connection.get(path, signal));
  } catch (error) {
    return err(explainFailure(error, connection));
  }
}

/** Undefined for anything that is not a list, whatever its shape. */
function readPage(body: string): { items: readonly unknown[]; resourceVersion: string; next: string } | undefined {
  try {
    const { items, metadata } = JSON.parse(body) as {
      items?: unknown;
      metadata?: { resourceVersion?: unknown; continue?: unknown };
    };
    if (items !== undefined && items !== null && !Array.isArray(items)) return undefined;
    return {
      items: (items ?? []) as readonly unknown[],
      resourceVersion: textOf(metadata?.resourceVersion),
      next: textOf(metadata?.continue),
    };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
