import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { downloads } from '../../src/adapters/files/downloads';
import { createObjectStores } from '../../src/adapters/objects/objectStores';
import { ok } from '../../src/core/base/result';
import { bucketAt, objectKey, objectUrl } from '../../src/core/k3s/objectAddress';
import type { ObjectStores, WantedObject } from '../../src/engine/ports';
import { s3Double, type S3Double, type S3DoubleOptions } from '../support/s3Double';
import { tlsFolder } from '../support/tlsFiles';

const KEYS = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const BUCKET = 'backup';
const SNAPSHOT = Buffer.from('a snapshot of etcd '.repeat(20_000));

let folder: string;
let tls: { readonly cert: string; readonly key: string; readonly ca: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-objects-'));
  const made = tlsFolder(join(folder, 'tls'));
  made.authority('ca');
  made.issue('s3', 'ca', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  const read = (name: string): string => readFileSync(join(made.folder, name), 'utf8');
  tls = { cert: read('s3.crt'), key: read('s3.key'), ca: read('ca.crt') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open: (S3Double | ObjectStores)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await ('close' in one ? one.close() : one.dispose());
});

async function service(options: Partial<S3DoubleOptions> = {}): Promise<S3Double> {
  const double = await s3Double({ bucket: BUCKET, ...KEYS, ...options });
  double.objects.set('k3s/daily/before-1', SNAPSHOT);
  open.push(double);
  return double;
}

function store(place = mkdtempSync(join(folder, 'got-'))): ObjectStores {
  const made = createObjectStores({ folder: place, downloads, limits: { silenceMs: 2_000 } });
  open.push(made);
  return made;
}

function wanted({ port }: Pick<S3Double, 'port'>, more: Partial<WantedObject> = {}, encrypted = false): WantedObject {
  const at = bucketAt({
    endpoint: `127.0.0.1:${port}`,
    bucket: BUCKET,
    region: 'us-east-1',
    insecure: !encrypted,
    lookup: 'auto',
  });
  if (at === undefined) throw new Error('no bucket');
  return {
    url: objectUrl(at, 'k3s/daily/before-1'),
    region: 'us-east-1',
    name: 'before-1',
    ...KEYS,
    checksCertificate: true,
    ...more,
  };
}

async function refusal(
  double: Pick<S3Double, 'port'>,
  more: Partial<WantedObject> = {},
  encrypted = false,
): Promise<string> {
  const place = mkdtempSync(join(folder, 'refused-'));
  const answer = await store(place).get(wanted(double, more, encrypted));
  if (answer.ok) return `got ${answer.value}`;
  expect(JSON.stringify(answer.error)).not.toContain(KEYS.secretKey);
  expect(readdirSync(place).flatMap((own) => readdirSync(join(place, own)))).toEqual([]);
  return `${answer.error.code}: ${answer.error.why}`;
}

describe('an object of S3, from a double that judges signatures', () => {
  it('is got whole to a file of the person alone, and is gone when it is not needed any more', async () => {
    const place = join(folder, 'own');
    const stores = store(place);
    const got = await stores.get(wanted(await service(), { size: SNAPSHOT.length }));
    const path = got.ok ? got.value : '';
    expect(readFileSync(path).equals(SNAPSHOT)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await stores.dispose();
    expect(readdirSync(place)).toEqual([]);
  });

  it('is asked for with a token of a session, in a region, and with the bucket in the host name', async () => {
    const double = await service({ sessionToken: 'session', region: 'eu-west-1', inHost: true });
    const more = { sessionToken: 'session', region: 'eu-west-1' };
    const there = await store().get({
      ...wanted(double, more),
      url: `http://${BUCKET}.s3.invalid:${double.port}/k3s/daily/before-1`,
      connect: async () => ok(connect(double.port, '127.0.0.1')),
    });
    expect(there.ok && readFileSync(there.value).length).toBe(SNAPSHOT.length);
    expect(double.asked).toEqual([`GET ${BUCKET}.s3.invalid:${double.port} /k3s/daily/before-1 200`]);
    expect(await refusal(double, { region: 'eu-west-1' })).toMatch(/^s3-refused: InvalidToken/);
    expect(await refusal(double, { sessionToken: 'session' })).toMatch(/^s3-refused: AuthorizationHeaderMalformed/);
  });

  it('is refused with wrong keys, and missing under another name or in another bucket', async () => {
    const double = await service();
    expect(await refusal(double, { secretKey: 'wrong' })).toMatch(/^s3-refused: SignatureDoesNotMatch/);
    expect(await refusal(double, { accessKey: 'nobody' })).toMatch(/^s3-refused: InvalidAccessKeyId/);
    const { url } = wanted(double);
    expect(await refusal(double, { url: `${url}x` })).toMatch(/^s3-object-missing: NoSuchKey/);
    expect(await refusal(double, { url: url.replace(`/${BUCKET}/`, '/other/') })).toMatch(/^s3-no-bucket/);
  });

  it('is nothing when it is empty, of another size than K3s listed, or cut off in the middle', async () => {
    const double = await service();
    expect(await refusal(double, { size: SNAPSHOT.length + 1 })).toMatch(/^s3-object-size/);
    double.objects.set('k3s/daily/before-1', Buffer.alloc(0));
    expect(await refusal(double)).toMatch(/^s3-object-size/);
    expect(await refusal(await service({ cutAfter: 4096 }))).toMatch(/^s3-cut-off/);
  });

  it('is believed to come from the named authority only', async () => {
    const double = await service({ tls });
    expect(await refusal(double, {}, true)).toMatch(/^s3-certificate/);
    for (const more of [{ ca: tls.ca }, { checksCertificate: false }]) {
      const got = await store().get(wanted(double, more, true));
      expect(got.ok && readFileSync(got.value).length).toBe(SNAPSHOT.length);
    }
    expect(await refusal(double, {}, false)).toMatch(/^s3-(?:failed|unreachable)/);
    expect(await refusal(await service(), { ca: tls.ca }, true)).toMatch(/^s3-certificate|^s3-failed/);
  });

  it('comes through a server where it cannot be reached from here', async () => {
    const double = await service({ tls });
    // Nobody listens where it says to be.
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
    const port = (nobody.address() as { readonly port: number }).port;
    await new Promise<void>((resolve) => void nobody.close(() => resolve()));
    expect(await refusal({ port }, {}, true)).toMatch(/^s3-unreachable: .*ECONNREFUSED/);
    const ways: string[] = [];
    const got = await store().get({
      ...wanted({ port }, { ca: tls.ca }, true),
      connect: async (host, at) => {
        ways.push(`${host}:${at}`);
        return ok(connect(double.port, '127.0.0.1'));
      },
    });
    expect(got.ok && readFileSync(got.value).equals(SNAPSHOT)).toBe(true);
    expect(ways).toEqual([`127.0.0.1:${port}`]);
  });
});

describe('the address of a bucket', () => {
  const at = (endpoint: string, more: Partial<Parameters<typeof bucketAt>[0]> = {}): string | undefined => {
    const found = bucketAt({ endpoint, bucket: BUCKET, region: 'us-east-1', insecure: false, lookup: 'auto', ...more });
    return found === undefined ? undefined : objectUrl(found, objectKey('/k3s//daily/', 'a b-1'));
  };

  it('has the bucket where the service wants it, or where the file says', () => {
    expect(at('s3.amazonaws.com')).toBe('https://backup.s3.amazonaws.com/k3s/daily/a%20b-1');
    expect(at('s3.amazonaws.com', { region: 'eu-west-1' })).toBe(
      'https://backup.s3.eu-west-1.amazonaws.com/k3s/daily/a%20b-1',
    );
    expect(at('s3.amazonaws.com', { lookup: 'path' })).toBe('https://s3.amazonaws.com/backup/k3s/daily/a%20b-1');
    expect(at('s3.amazonaws.com', { bucket: 'a.b' })).toBe('https://s3.amazonaws.com/a.b/k3s/daily/a%20b-1');
    expect(at('minio.lan:9000', { insecure: true })).toBe('http://minio.lan:9000/backup/k3s/daily/a%20b-1');
    expect(at('minio.lan:443')).toBe('https://minio.lan/backup/k3s/daily/a%20b-1');
    expect(at('minio.lan', { lookup: 'dns' })).toBe('https://backup.minio.lan/k3s/daily/a%20b-1');
    expect(at('[fd00::5]:9000')).toBe('https://[fd00::5]:9000/backup/k3s/daily/a%20b-1');
    expect(at('https://minio.lan')).toBe(undefined);
    expect(at('minio.lan/backup')).toBe(undefined);
  });
});
