import type { Duplex } from 'node:stream';
import {
  BaseAgent,
  createAgent,
  utils,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';

/** A key held by the user's SSH agent. `key` is missing for kinds that ssh2 cannot use. */
interface AgentKey {
  readonly blob: Buffer;
  readonly type: string;
  readonly comment: string;
  readonly key?: ParsedKey;
}

/** An agent has this long to list its keys; a person may be asked before it signs, so signing has no limit. */
const LIST_MS = 2_000;

/** The keys of the agent at `socketPath`; a string says why there are none. */
export async function listAgentKeys(socketPath: string): Promise<readonly AgentKey[] | string> {
  const stream = await openAgent(socketPath);
  if (typeof stream === 'string') return stream;
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const finish = (result: readonly AgentKey[] | string): void => {
      clearTimeout(timer);
      stream
        .removeAllListeners()
        .on('error', () => undefined)
        .destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(`it gave no answer within ${LIST_MS / 1000} s`), LIST_MS);
    stream.on('error', (error) => finish(error.message));
    stream.on('close', () => finish('it closed the connection'));
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > MAX_ANSWER + 4) return finish(`its answer is longer than ${MAX_ANSWER / 1024} KiB`);
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return;
      finish(parseIdentities(received.subarray(4)) ?? 'it gave an answer that is not understood');
    });
    stream.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES]));
  });
}

/** Bytes; AGENT_MAX_LEN of OpenSSH. */
const MAX_ANSWER = 256 * 1024;

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;

function openAgent(socketPath: string): Promise<Duplex | string> {
  return new Promise((resolve) => {
    const agent = createAgent(socketPath);
    if (agent.getStream === undefined) resolve('this kind of agent is not supported');
    else
      agent.getStream((error, stream) =>
        resolve(stream === undefined ? (error?.message ?? 'it does not answer') : (stream as Duplex)),
      );
  });
}

/** SSH_AGENT_IDENTITIES_ANSWER of the agent protocol (draft-ietf-sshm-ssh-agent). */
function parseIdentities(message: Buffer): readonly AgentKey[] | undefined {
  if (message[0] !== IDENTITIES_ANSWER || message.length < 5) return undefined;
  const keys: AgentKey[] = [];
  let at = 5;
  const next = (): Buffer | undefined => {
    if (at + 4 > message.length) return undefined;
    const length = message.readUInt32BE(at);
    const part = message.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part.length === length ? part : undefined;
  };
  for (let left = message.readUInt32BE(1); left > 0; left -= 1) {
    const blob = next();
    const comment = next();
    if (blob === undefined || comment === undefined || blob.length < 4) return undefined;
    const parsed = utils.parseKey(blob);
    const type = blob.toString('utf8', 4, 4 + blob.readUInt32BE(0));
    keys.push({ blob, type, comment: comment.toString('utf8'), ...(parsed instanceof Error ? {} : { key: parsed }) });
  }
  return keys;
}

/** One key to offer, wherever its private half is. */
export interface OfferedKey {
  readonly key: ParsedKey;
  /** For messages, e.g. "agent key alice@laptop". */
  readonly name: string;
  sign(data: Buffer, options: SigningRequestOptions): Promise<Buffer | Error>;
}

/** Signs with the agent at `socketPath`. */
export function signWithAgent(
  socketPath: string,
  key: ParsedKey,
  data: Buffer,
  options: SigningRequestOptions,
): Promise<Buffer | Error> {
  return new Promise((resolve) => {
    createAgent(socketPath).sign(key, data, options, (error, signature) =>
      resolve(signature ?? error ?? new Error('The agent did not sign.')),
    );
  });
}

/**
 * Offers one key, from an agent or a file. ssh2 asks the server about the public key first and has only an accepted
 * one signed, so an encrypted file is opened when it is needed and not before. ssh2 wants a subclass.
 */
export class OneKeyAgent extends BaseAgent<ParsedKey> {
  constructor(
    private readonly offered: OfferedKey,
    private readonly onSigned: () => void,
  ) {
    super();
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.offered.key]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    void this.offered.sign(data, typeof options === 'function' ? {} : options).then((result) => {
      if (result instanceof Error) {
        done?.(result);
        return;
      }
      this.onSigned();
      done?.(undefined, result);
    });
  }
}
