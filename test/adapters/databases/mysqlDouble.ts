import { constants, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';

/*
 * Not MySQL: a double of what MySQL 8.4 says on the wire, for Debian has no package of it. It logs in by caching_sha2_password as
 * MySQL does for a user that it has not seen since its start, over TLS or with its RSA key, and answers questions by their texts.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 */

export interface MysqlDouble {
  readonly port: number;
  /** Every statement that it was given. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface Options {
  readonly user: string;
  readonly password: string;
  /** Databases that are there. */
  readonly databases: readonly string[];
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Rows for a statement: objects of texts; no rows where it knows nothing of it. */
  readonly answer: (sql: string) => readonly Readonly<Record<string, string>>[] | undefined;
}

const SSL = 0x800;
const CONNECT_WITH_DB = 0x8;
const CAPABILITIES = 0x1 | 0x4 | CONNECT_WITH_DB | 0x200 | 0x2000 | 0x8000 | 0x80000;
const PLUGIN = 'caching_sha2_password\0';

export function mysqlDouble(options: Options): Promise<MysqlDouble> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    const nonce = Buffer.from(randomBytes(20).map((byte) => (byte % 94) + 33));
    let stream: Duplex = socket;
    let held = Buffer.alloc(0);
    let stage: 'greeted' | 'key' | 'password' | 'in' = 'greeted';
    let who = { user: '', database: '', sequence: 0 };

    const send = (sequence: number, ...parts: readonly (Buffer | string)[]): void => {
      const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
      const head = Buffer.alloc(4);
      head.writeUIntLE(body.length, 0, 3);
      head[3] = sequence;
      stream.write(Buffer.concat([head, body]));
    };
    const refuse = (sequence: number, number: number, state: string, says: string): void => {
      const code = Buffer.alloc(3, 0xff);
      code.writeUInt16LE(number, 1);
      send(sequence, code, `#${state}${says}`);
      stream.end();
    };
    const decide = (sequence: number, password: string): void => {
      const { user, database } = who;
      if (user !== options.user || password !== options.password)
        return refuse(sequence, 1045, '28000', `Access denied for user '${user}'@'127.0.0.1' (using password: YES)`);
      if (database !== '' && !options.databases.includes(database))
        return refuse(sequence, 1049, '42000', `Unknown database '${database}'`);
      stage = 'in';
      send(sequence, OK);
    };
    const take = (sequence: number, body: Buffer): void => {
      if (stage === 'in') return answer(body);
      if (stage === 'key') {
        stage = 'password';
        return send(sequence + 1, Buffer.from([1]), keys.publicKey.export({ type: 'spki', format: 'pem' }).toString());
      }
      if (stage === 'password') {
        const padded =
          stream === socket
            ? privateDecrypt({ key: keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, body).map(
                (byte, at) => byte ^ (nonce[at % 20] ?? 0),
              )
            : body;
        return decide(sequence + 1, Buffer.from(padded).toString('utf8').replace(/\0$/, ''));
      }
      const flags = body.readUInt32LE(0);
      if ((flags & SSL) !== 0 && stream === socket && options.tls !== undefined) {
        const { certificate: cert, key } = options.tls;
        socket.removeAllListeners('data');
        const raw = rest(socket, held);
        held = Buffer.alloc(0);
        stream = new TLSSocket(raw, { isServer: true, secureContext: createSecureContext({ cert, key }) });
        stream.on('error', () => undefined).on('data', receive);
        return;
      }
      const end = body.indexOf(0, 32);
      const proof = body[end + 1] ?? 0;
      const more = body.subarray(end + 2 + proof);
      const database = (flags & CONNECT_WITH_DB) === 0 ? '' : more.subarray(0, more.indexOf(0)).toString('utf8');
      who = { user: body.subarray(32, end).toString('utf8'), database, sequence };
      stage = stream === socket ? 'key' : 'password';
      send(sequence + 1, Buffer.from([1, 4])); // the whole password, please
    };
    const answer = (body: Buffer): void => {
      if (body[0] !== 3) return void stream.end();
      const sql = body.subarray(1).toString('utf8');
      asked.push(sql);
      const rows = options.answer(sql);
      const names = Object.keys(rows?.[0] ?? { nothing: '' });
      if (rows === undefined) return send(1, OK);
      let sequence = 1;
      send(sequence++, Buffer.from([names.length]));
      for (const name of names)
        send(sequence++, word('def'), word(''), word(''), word(''), word(name), word(name), COLUMN);
      send(sequence++, END);
      for (const row of rows) send(sequence++, ...names.map((name) => word(row[name] ?? '')));
      send(sequence, END);
    };
    const receive = (bytes: Buffer): void => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 4 && held.length >= 4 + held.readUIntLE(0, 3)) {
        const length = held.readUIntLE(0, 3);
        const [sequence = 0, body] = [held[3], held.subarray(4, 4 + length)];
        held = held.subarray(4 + length);
        take(sequence, body);
      }
    };
    socket.on('data', receive);
    const can = CAPABILITIES | (options.tls === undefined ? 0 : SSL);
    const flags = Buffer.from([can & 0xff, (can >> 8) & 0xff, 45, 2, 0, (can >> 16) & 0xff, 0, 21]);
    send(
      0,
      '\n8.4.5\0',
      Buffer.from([1, 0, 0, 0]),
      nonce.subarray(0, 8),
      '\0',
      flags,
      Buffer.alloc(10),
      nonce.subarray(8),
      '\0',
      PLUGIN,
    );
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        asked,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((closed) => server.close(() => closed()));
        },
      }),
    ),
  );
}

/** What still comes on a socket, behind what was read of it too early. */
function rest(socket: Socket, early: Buffer): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => void socket.write(bytes, done),
  });
  if (early.length > 0) stream.push(early);
  socket.on('data', (bytes) => stream.push(bytes)).on('close', () => stream.push(null));
  return stream;
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const END = Buffer.from([0xfe, 0, 0, 2, 0]);
/** utf8mb4, as a text of any length. */
const COLUMN = Buffer.from([0x0c, 45, 0, 0xff, 0xff, 0, 0, 0xfd, 0, 0, 0, 0, 0]);

/** A text with its length in front. */
function word(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
