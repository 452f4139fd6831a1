import { request } from 'node:https';
import { connect } from 'node:net';
import type { FleetHost } from './driver/host';

const ASK_EVERY_MS = 100;
const LOOK_EVERY_MS = 100;
const ANSWER_MS = 10_000;
const CONNECT_MS = 2_000;

interface ApiWatch {
  /** Ends the watch: how often it asked, and every question that had no answer, with the time and the reason. */
  stop(): Promise<{ readonly asked: number; readonly unanswered: readonly string[] }>;
}

/**
 * Asks for the nodes ten times a second as the user of this kubeconfig, each time over a new connection and whether or not the
 * last answer has come. A connection ends with the server that it leads to; as every client does, it asks once more then.
 */
export function watchApi(kubeconfig: string): ApiWatch {
  const pem = (key: string): Buffer => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(kubeconfig)?.[1] ?? '', 'base64');
  const access = {
    ca: pem('certificate-authority-data'),
    cert: pem('client-certificate-data'),
    key: pem('client-key-data'),
  };
  const url = `${/server: (\S+)/.exec(kubeconfig)?.[1]}/api/v1/nodes`;
  /** Why there was no answer. */
  const ask = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      const call = request(url, { ...access, agent: false, timeout: ANSWER_MS }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', (error) => resolve(error.message));
        response.on('end', () =>
          resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${text.trim()}`),
        );
      });
      call.on('timeout', () => call.destroy(new Error('no answer')));
      call.on('error', (error) => resolve(error.message));
      call.end();
    });
  const patient = async (): Promise<string | undefined> => {
    const at = new Date().toISOString();
    const first = await ask();
    const second = first === undefined ? undefined : await ask();
    return second === undefined ? undefined : `${at} ${first}; then ${second}`;
  };
  const asked: Promise<string | undefined>[] = [];
  const timer = setInterval(() => asked.push(patient()), ASK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      const answers = await Promise.all(asked);
      return { asked: answers.length, unanswered: answers.filter((answer) => answer !== undefined) };
    },
  };
}

interface PortWatch {
  /** Ends the watch: the largest number of hosts that were closed at the same look, who they were, and how many looks there were. */
  stop(): Promise<{ readonly most: number; readonly closed: readonly string[]; readonly looks: number }>;
}

/** Looks again and again whether a TCP port of every host is open: 2380 is that of a member of etcd, 6443 that of any server. */
export function watchPort(hosts: readonly FleetHost[], port: number): PortWatch {
  let closed: readonly string[] = [];
  let looks = 0;
  let going = true;
  const work = (async () => {
    while (going) {
      const open = await Promise.all(hosts.map(({ address }) => isOpen(address, port)));
      const now = hosts.filter((_, i) => !open[i]).map(({ name }) => name);
      if (now.length > closed.length) closed = now;
      looks += 1;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      going = false;
      await work;
      return { most: closed.length, closed, looks };
    },
  };
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
