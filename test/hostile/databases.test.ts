import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { databaseClients } from '../../src/adapters/databases/clients';
import { ok } from '../../src/core/base/result';
import type { PlacedFinding } from '../../src/core/datastore/trial/trial';
import type { DatastoreType } from '../../src/core/datastore/kind';

const PASSWORD = 'the-password-of-the-database';

let server: Server | undefined;
afterEach(async () => {
  for (const name of ['PGPASSWORD', 'PGOPTIONS']) delete process.env[name];
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

/** Tries a server that answers as `talk` says, and gives the findings and every byte that it was sent. */
async function tried(
  type: DatastoreType,
  endpoint: string,
  talk: (socket: Socket, turn: number, bytes: Buffer) => void,
  timeoutMs = 2_000,
): Promise<{ readonly codes: readonly string[]; readonly got: string; readonly findings: readonly PlacedFinding[] }> {
  const got: Buffer[] = [];
  const listening = createServer((socket) => {
    let turn = 0;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      got.push(bytes);
      turn += 1;
      talk(socket, turn, bytes);
    });
    talk(socket, 0, Buffer.alloc(0));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const findings = await databaseClients.try(
    { type, endpoint, tls: {}, nearMs: 0, context: { servers: 1 } },
    () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(ok(socket)));
      }),
    { timeoutMs },
  );
  const found = findings ?? [];
  return { codes: found.map(({ code }) => code), got: Buffer.concat(got).toString('latin1'), findings: found };
}

const mysqlPacket = (sequence: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
};

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html */
const GREETING = mysqlPacket(
  0,
  Buffer.concat([
    Buffer.from('\u000a8.4.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0'),
    Buffer.from([0xff, 0xf7, 45, 2, 0, 0xff, 0x81, 21]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0mysql_native_password\0'),
  ]),
);

const postgresMessage = (kind: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
};

describe('a database that wants more than it is due', () => {
  it('gets no password of MySQL in clear text', async () => {
    const { codes, got } = await tried('mysql', `mysql://ksd:${PASSWORD}@tcp(127.0.0.1)/k3s`, (socket, turn) => {
      if (turn === 0) socket.write(GREETING);
      else socket.write(mysqlPacket(2, Buffer.from('\u00femysql_clear_password\0', 'latin1')));
    });
    expect(got).toContain('ksd');
    expect(got).not.toContain(PASSWORD);
    expect(codes).toHaveLength(1);
  });

  it('gets neither a password nor options that belong to the person', async () => {
    process.env['PGPASSWORD'] = 'of-another-database';
    process.env['PGOPTIONS'] = '-c search_path=mine';
    const { got } = await tried('postgres', 'postgres://ksd@127.0.0.1/k3s?sslmode=disable', (socket, turn) => {
      if (turn === 1) socket.write(postgresMessage('R', Buffer.from([0, 0, 0, 3])));
      if (turn === 2) socket.destroy();
    });
    expect(got).toContain('ksd');
    expect(got).toContain('p\0\0\0');
    expect(got).not.toContain('of-another-database');
    expect(got).not.toContain('search_path');
  });

  it.each<[DatastoreType, string]>([
    ['mysql', 'mysql://ksd:pw@tcp(127.0.0.1)/k3s'],
    ['postgres', 'postgres://ksd:pw@127.0.0.1/k3s'],
    ['etcd', 'http://127.0.0.1:2379'],
    ['nats', 'nats://ksd:pw@127.0.0.1:4222'],
  ])('that says nothing sensible or nothing at all (%s) is a finding in time', async (type, endpoint) => {
    const noise = await tried(
      type,
      endpoint,
      (socket) => void socket.write('\u0000\u0001{"no": "protocol"}\r\n\r\n'.repeat(50)),
    );
    expect(noise.findings).toHaveLength(1);
    const begun = performance.now();
    const silent = await tried(type, endpoint, () => undefined, 300);
    expect(silent.codes).toEqual(['datastore-slow']);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
