import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeCgroups } from './cgroups';
import { k3sBinary, packK3sDouble, readInstallScript } from './k3sDouble';
import type { Network } from './network';
import type { Rootfs } from './rootfs';
import { killAndWait, must } from './run';

const SERVER = resolve(import.meta.dirname, 'downloadServer.mjs');

/** Names that lead to the download server in the hosts' /etc/hosts. */
export const DOWNLOAD_NAMES = ['get.k3s.io', 'update.k3s.io', 'github.com'];

/** Bytes by which each version is larger than the one before: a full disk that holds one has no room for the next. */
const LARGER = 16_384;

/** The internet as far as installing K3s needs it, in the LAN of the fleet. */
export interface Downloads {
  /** `METHOD host/path` of every request so far. */
  readonly requests: readonly string[];
  /** Path on this machine of the binary that is served as this version. */
  binary(version: string): string;
  stop(): Promise<void>;
}

/** Serves the install script and a k3s double for each of `versions`; channels lead to the first one. */
export async function startDownloads(
  network: Network,
  rootfs: Rootfs,
  folder: string,
  versions: readonly string[],
): Promise<Downloads> {
  const site = join(folder, 'site');
  await mkdir(site, { recursive: true });
  await writeFile(join(site, 'install.sh'), await readInstallScript());
  const packed = await packK3sDouble(rootfs.base);
  for (const [i, version] of versions.entries()) {
    const binary = k3sBinary(packed, version, i * LARGER);
    await mkdir(join(site, version));
    await writeFile(join(site, version, 'k3s'), binary);
    await writeFile(
      join(site, version, 'sha256sum-amd64.txt'),
      `${createHash('sha256').update(binary).digest('hex')}  k3s\n`,
    );
  }
  await issueCertificate(network, rootfs, folder);
  const args = [
    `--net=/run/netns/${network.lanNamespace}`,
    process.execPath,
    SERVER,
    network.lanAddress,
    site,
    join(folder, 'web.crt'),
    join(folder, 'web.key'),
    versions[0] ?? '',
  ];
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', 'nsenter', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (const procs of makeCgroups(network.id, 'web')) writeFileSync(procs, String(server.pid));
  const requests = await firstLine(server);
  return { requests, binary: (version) => join(site, version, 'k3s'), stop: () => killAndWait(server) };
}

async function issueCertificate(network: Network, { caFile, caKeyFile }: Rootfs, folder: string): Promise<void> {
  const [key, request, certificate, extensions] = ['web.key', 'web.csr', 'web.crt', 'web.ext'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await must('openssl', [
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=test-fleet',
    '-keyout',
    key,
    '-out',
    request,
  ]);
  await writeFile(
    extensions,
    `subjectAltName=${DOWNLOAD_NAMES.map((name) => `DNS:${name}`).join(',')},IP:${network.lanAddress}\n`,
  );
  await must('openssl', [
    'x509',
    '-req',
    '-days',
    '30',
    '-in',
    request,
    '-CA',
    caFile,
    '-CAkey',
    caKeyFile,
    '-extfile',
    extensions,
    '-out',
    certificate,
  ]);
}

/** The server prints `listening` and then one line a request. */
function firstLine(server: ChildProcess): Promise<string[]> {
  const requests: string[] = [];
  let rest = '';
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`The download server of the fleet ended with ${code}.`)));
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'listening') resolve(requests);
        else requests.push(line);
      }
    });
  });
}
