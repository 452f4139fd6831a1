import { request } from 'node:https';
import { parse } from 'yaml';
import { until } from './run';

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

export interface Client {
  /** Resolves when so many further requests have been answered. */
  answered(more: number): Promise<void>;
  stop(): Promise<ClientReport>;
}

/**
 * Asks for the nodes of the cluster every 100 ms, each time over a new connection, with the certificate of a kubeconfig and
 * at its address. `stop` waits for the answers that are still out.
 */
export function startClient(kubeconfig: string): Client {
  const access = readAccess(kubeconfig);
  const begin = Date.now();
  const open = new Set<Promise<void>>();
  const failed: string[] = [];
  const answers = [begin];
  let requests = 0;
  let slowestMs = 0;
  const one = async (): Promise<void> => {
    requests += 1;
    const at = Date.now();
    const why = await ask(access);
    if (why !== undefined) return void failed.push(`${((at - begin) / 1000).toFixed(1)} s: ${why}`);
    answers.push(Date.now());
    slowestMs = Math.max(slowestMs, Date.now() - at);
  };
  const timer = setInterval(() => {
    const asked = one().finally(() => open.delete(asked));
    open.add(asked);
  }, EVERY_MS);
  return {
    async answered(more) {
      const before = answers.length;
      await until(`${more} further answers`, 30_000, () => (answers.length >= before + more ? true : undefined));
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      answers.sort((a, b) => a - b);
      const gaps = answers.slice(1).map((answer, index) => answer - (answers[index] ?? answer));
      return { requests, failed, longestGapMs: Math.max(0, ...gaps), slowestMs };
    },
  };
}

interface Access {
  readonly url: URL;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

function readAccess(kubeconfig: string): Access {
  const { clusters, users } = parse(kubeconfig) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const of = (data: string | undefined): Buffer => Buffer.from(data ?? '', 'base64');
  const [{ cluster } = { cluster: {} }] = clusters;
  const [{ user } = { user: {} }] = users;
  return {
    url: new URL('/api/v1/nodes', (cluster as Record<string, string>)['server']),
    ca: of((cluster as Record<string, string>)['certificate-authority-data']),
    cert: of((user as Record<string, string>)['client-certificate-data']),
    key: of((user as Record<string, string>)['client-key-data']),
  };
}

/** Why there was no answer; undefined when there was. */
function ask({ url, ...tls }: Access): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { ...tls, agent: false, timeout: PATIENCE_MS }, (answer) => {
      answer.resume();
      answer.on('error', (error) => resolve(error.message));
      answer.on('end', () => resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`));
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}
