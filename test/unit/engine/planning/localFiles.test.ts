import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import { readLocalFiles, type LocalFileDependencies } from '../../../../src/engine/planning/localFiles';
import type { CertificateFacts } from '../../../../src/engine/ports';
import { fastClock } from '../../../support/clock';
import { clusterOf } from '../../../support/cluster';
import { localFolder, textInput } from '../../../support/localFiles';

const pem = (label: string): string => `-----BEGIN ${label}-----\nYWJj\n-----END ${label}-----\n`;
const GOOD = { 'ca.crt': pem('CERTIFICATE'), 'client.crt': pem('CERTIFICATE'), '~/client.key': pem('EC PRIVATE KEY') };
const cluster: Cluster = clusterOf({
  servers: 2,
  datastore: {
    type: 'etcd',
    endpoint: 'https://10.0.0.60:2379',
    caFile: 'ca.crt',
    certFile: 'client.crt',
    keyFile: '~/client.key',
  },
});

async function said(
  texts: Readonly<Record<string, string>>,
  more: Partial<LocalFileDependencies> = {},
): Promise<string[]> {
  const deps = { ...localFolder(texts), clock: fastClock(), ...more };
  const { problems } = await readLocalFiles(cluster, deps);
  return problems.map(({ message, why }) => `${message}: ${why}`);
}

const about = (key: string, from: string): string =>
  `datastore.${key} sends ${from} to server-1 and 1 more host, and that file cannot be used: `;

function reading(facts: Partial<CertificateFacts>, fits: boolean | undefined = true): Partial<LocalFileDependencies> {
  const whole = { begins: 0, ends: Number.POSITIVE_INFINITY, ...facts };
  return { certificates: { read: () => whole, belongTogether: () => fits } };
}

describe('files of this machine that hosts are to get', () => {
  it('are read once, and what was read is what is sent', async () => {
    let reads = 0;
    const { files, problems } = await readLocalFiles(cluster, {
      ...localFolder(),
      clock: fastClock(),
      artifacts: {
        ...localFolder().artifacts,
        async open(path) {
          const input = textInput(GOOD[path as keyof typeof GOOD]);
          return ok({
            ...input,
            open: () => {
              reads += 1;
              return input.open();
            },
          });
        },
      },
    });
    expect(problems).toEqual([]);
    const pieces: Uint8Array[] = [];
    for await (const piece of files.get('ca.crt')?.input.open() ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(GOOD['ca.crt']);
    expect(reads).toBe(3);
  });

  it('are named with their line and host when they are missing', async () => {
    const found = await said({ ...GOOD, 'ca.crt': undefined as never }, { lineOf: () => 17 });
    expect(found).toEqual([
      'datastore.caFile (line 17) sends ca.crt to server-1 and 1 more host, and that file cannot be used: ca.crt does not exist.',
    ]);
  });

  it('are told one by one, with the cause and the advice of the system', async () => {
    const deps = { ...localFolder(), clock: fastClock() };
    const refused = problem('file-unreadable', 'x could not be read.', { why: 'EACCES', nextSteps: ['chmod it'] });
    const { problems } = await readLocalFiles(cluster, {
      ...deps,
      artifacts: { ...deps.artifacts, open: async () => err(refused) },
    });
    expect(problems).toHaveLength(3);
    expect(problems[2]).toMatchObject({ why: 'x could not be read. EACCES', nextSteps: ['chmod it'] });
  });

  it.each([
    ['is empty', { 'ca.crt': '' }, about('caFile', 'ca.crt') + 'It is empty.'],
    [
      'is too large',
      { 'ca.crt': 'x'.repeat(2 ** 20 + 1) },
      about('caFile', 'ca.crt') + 'It has 1.0 MiB, and what is sent here has at most 1 MiB.',
    ],
    [
      'is no PEM',
      { '~/client.key': 'hunter2' },
      about('keyFile', '~/client.key') + 'It holds no PEM block at all, and no private key in PEM.',
    ],
    [
      'is the certificate instead of the key',
      { '~/client.key': pem('CERTIFICATE') },
      about('keyFile', '~/client.key') + 'It holds CERTIFICATE, and no private key in PEM.',
    ],
    [
      'is a key that needs a passphrase',
      { '~/client.key': pem('ENCRYPTED PRIVATE KEY') },
      about('keyFile', '~/client.key') + 'The key is encrypted, and K3s cannot ask for its passphrase.',
    ],
    [
      'has a key beside the certificate',
      { 'ca.crt': pem('CERTIFICATE') + pem('PRIVATE KEY') },
      about('caFile', 'ca.crt') + 'There is a private key in it.',
    ],
    [
      'is a request instead of a certificate',
      { 'client.crt': pem('CERTIFICATE REQUEST') },
      about('certFile', 'client.crt') + 'It holds CERTIFICATE REQUEST, and no certificate in PEM.',
    ],
  ])('are refused before anything is touched: one that %s', async (_, texts, words) => {
    expect(await said({ ...GOOD, ...texts })).toEqual([words]);
  });

  it('are refused when K3s would be refused with them', async () => {
    const day = (text: string): number => Date.parse(text);
    const clock = { ...fastClock(), now: () => day('2026-08-01') };
    expect(await said(GOOD, { clock, ...reading({ ends: day('2026-07-31') }) })).toContain(
      `${about('certFile', 'client.crt')}The certificate has expired on 2026-07-31.`,
    );
    expect(await said(GOOD, { clock, ...reading({ begins: day('2026-08-02') }) })).toContain(
      `${about('caFile', 'ca.crt')}The certificate holds from 2026-08-02 on.`,
    );
    expect(await said(GOOD, reading({ forClients: false }))).toEqual([
      `${about('certFile', 'client.crt')}The certificate may not prove a client.`,
    ]);
    expect(await said(GOOD, reading({}, false))).toEqual([
      `${about('keyFile', '~/client.key')}The key does not belong to the certificate client.crt.`,
    ]);
  });
});
