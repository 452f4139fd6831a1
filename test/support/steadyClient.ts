import { until } from '../fleet/driver/run';
import { accessOf, askApi, type Access } from './kubeAccess';

/** What a client met that asked ten times a second. */
export interface ClientReport {
  readonly requests: number;
  /** What went wrong, with the second of the watch in which it was asked. */
  readonly failed: readonly string[];
  /** Longest time between two answers, in milliseconds. */
  readonly longestGapMs: number;
  readonly slowestMs: number;
}

const EVERY_MS = 100;
const PATIENCE_MS = 5000;
/** An answer that takes longer is no steady one. */
const STEADY_MS = 1000;

export interface Client {
  /** Resolves when so many further requests have been answered. */
  answered(more: number): Promise<void>;
  /** Resolves when so many further requests in a row have been answered without a delay: what went wrong is over. */
  steady(inARow: number, timeoutMs?: number): Promise<void>;
  stop(): Promise<ClientReport>;
}

/**
 * Asks for the nodes of the cluster every 100 ms, each time over a new connection, with the certificate of a kubeconfig and
 * at its address. `stop` waits for the answers that are still out.
 */
export function startClient(kubeconfig: string): Client {
  const access = accessOf(kubeconfig);
  const begin = Date.now();
  const open = new Set<Promise<void>>();
  const failed: string[] = [];
  const answers = [begin];
  /** When each request began, and how long its answer took; infinite until there is one. */
  const asked: { readonly at: number; tookMs: number }[] = [];
  let slowestMs = 0;
  const one = async (): Promise<void> => {
    const at = Date.now();
    const mine = { at, tookMs: Infinity };
    asked.push(mine);
    const why = await whyNot(access);
    if (why !== undefined) return void failed.push(`${((at - begin) / 1000).toFixed(1)} s: ${why}`);
    answers.push(Date.now());
    mine.tookMs = Date.now() - at;
    slowestMs = Math.max(slowestMs, mine.tookMs);
  };
  const timer = setInterval(() => {
    const going = one().finally(() => open.delete(going));
    open.add(going);
  }, EVERY_MS);
  return {
    async answered(more) {
      const before = answers.length;
      await until(`${more} further answers`, 30_000, () => (answers.length >= before + more ? true : undefined));
    },
    async steady(inARow, timeoutMs = 120_000) {
      const since = Date.now();
      await until(`${inARow} steady answers in a row`, timeoutMs, () => {
        const now = Date.now();
        const last = asked.filter(({ at }) => at >= since && at <= now - STEADY_MS).slice(-inARow);
        return last.length === inARow && last.every(({ tookMs }) => tookMs <= STEADY_MS) ? true : undefined;
      });
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      answers.sort((a, b) => a - b);
      const gaps = answers.slice(1).map((answer, index) => answer - (answers[index] ?? answer));
      return { requests: asked.length, failed, longestGapMs: Math.max(0, ...gaps), slowestMs };
    },
  };
}

/** Why there was no answer; undefined when there was. */
async function whyNot(access: Access): Promise<string | undefined> {
  try {
    const { status } = await askApi(access, '/api/v1/nodes', PATIENCE_MS);
    return status === 200 ? undefined : `status ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
