import { request } from 'node:https';
import { readFile } from '../../src/core/remote/file';
import { startLab, type Lab, type LabOptions } from '../practice/lab';
import { add, answerForm, type Change } from './recorded';

/** A practice fleet whose hosts are called as in the recordings, and what is asked of it. */
export interface RecordedLab extends Lab {
  readonly scale: number;
  /** Seconds of the fleet that pass while a busy computer does something else. */
  readonly slack: number;
  /** Text with names and addresses as in the recordings. */
  named(text: string): string;
  /** Real milliseconds as seconds of the fleet. */
  seconds(ms: number): number;
}

/** server-1 … agent-1 stand for h1 …: three servers at most, then agents. */
export async function startRecordedLab(options: LabOptions, scale = 0.01): Promise<RecordedLab> {
  const lab = await startLab({ ...options, timeScale: scale });
  const servers = options.servers ?? 0;
  const names = lab.fleet.hosts.map(({ id, address }, i) => ({
    id,
    address,
    name: `h${id.startsWith('agent') ? Math.max(servers, 3) + i - servers + 1 : i + 1}`,
  }));
  return {
    ...lab,
    scale,
    slack: 0.3 / scale,
    named: (text) =>
      names.reduce(
        (done, { id, address, name }) =>
          done
            .replaceAll(new RegExp(`\\b${address.replaceAll('.', '\\.')}\\b`, 'g'), `10.77.0.1${name.slice(1)}`)
            .replaceAll(new RegExp(`\\b${id}\\b`, 'g'), name),
        text,
      ),
    seconds: (ms) => ms / scale / 1000,
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface AskOptions {
  readonly method?: string;
  readonly body?: string;
  /** kubeconfig whose certificate is shown. */
  readonly admin?: string;
  readonly auth?: string;
}

/** One request to port 6443; status 0 when nothing answers. */
export function ask(address: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const { admin, auth, method = 'GET', body } = options;
  const pem = (key: string): string =>
    Buffer.from(new RegExp(`${key}: (\\S+)`).exec(admin ?? '')?.[1] ?? '', 'base64').toString();
  const client = admin === undefined ? {} : { cert: pem('client-certificate-data'), key: pem('client-key-data') };
  return new Promise((resolve) => {
    const call = request(
      {
        host: address,
        port: 6443,
        path,
        method,
        rejectUnauthorized: false,
        agent: false,
        headers: { 'content-type': 'application/merge-patch+json' },
        ...client,
        ...(auth === undefined ? {} : { auth }),
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('error', () => resolve({ status: 0, body: '' }));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    call.on('error', () => resolve({ status: 0, body: '' }));
    call.end(body);
  });
}

/** The administrator's kubeconfig of a server. */
export async function adminOf(lab: Lab, server: string): Promise<string> {
  const text = await lab.run(server, readFile('/etc/rancher/k3s/k3s.yaml'));
  if (!text.ok) throw new Error(text.error.message);
  return text.value;
}

/** Waits for a state, and goes on without it after ten seconds: then a comparison says what is there instead. */
export async function patiently(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Asks all questions again and again; gives what ends that and the changes of the answers. */
export function pollAnswers(
  lab: RecordedLab,
  host: string,
  questions: ReadonlyMap<string, { readonly path: string; readonly admin?: string }>,
): { readonly changes: ReadonlyMap<string, readonly Change[]>; stop(): Promise<void> } {
  const changes = new Map<string, Change[]>();
  const start = Date.now();
  let on = true;
  const loops = [...questions].map(async ([question, { path, admin }]) => {
    while (on) {
      const asked = Date.now();
      const { status, body } = await ask(lab.address(host), path, admin === undefined ? {} : { admin });
      add(changes, question, { at: lab.seconds(asked - start), answer: answerForm(status, body) });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  return {
    changes,
    stop: async () => {
      on = false;
      await Promise.all(loops);
    },
  };
}
