import { certificateFields } from '../../core/k3s/certificateFields';
import type { PracticeHost } from '../machine/host';
import { certificateText } from './certificateText';
import { issueAdmin } from './certificates';
import type { K3sCluster } from './cluster';

const DAY_MS = 24 * 60 * 60 * 1000;

const LIFETIME_MS = 365 * DAY_MS;

/** A start renews what ends within so long. https://docs.k3s.io/cli/certificate#client-and-server-certificates */
const RENEWED_MS = 120 * DAY_MS;

/** Recorded of a real server, besides those of the administrator and of its agent. */
const SERVER_FILES = [
  'client-auth-proxy.crt',
  'client-controller.crt',
  'client-k3s-cloud-controller.crt',
  'client-kube-apiserver.crt',
  'client-scheduler.crt',
  'client-supervisor.crt',
  'serving-kube-apiserver.crt',
  'kube-controller-manager/kube-controller-manager.crt',
  'kube-scheduler/kube-scheduler.crt',
  'etcd/client.crt',
  'etcd/peer-server-client.crt',
  'etcd/server-client.crt',
];

const AGENT_FILES = ['client-k3s-controller.crt', 'client-kube-proxy.crt', 'client-kubelet.crt', 'serving-kubelet.crt'];

/** The certificate of the administrator, which kubeconfigs carry. */
const ADMIN = 'client-admin.crt';

/** What `k3s certificate rotate` leaves so that the certificate of the port is made anew, too. */
const REGENERATE = 'dynamic-cert-regenerate';

/** Gives a server that starts the certificates that it lacks, and new ones for those that end before long. */
export async function issueServerCertificates(
  host: PracticeHost,
  dataDir: string,
  cluster: K3sCluster,
  now: number,
): Promise<void> {
  const tls = `${dataDir}/server/tls`;
  for (const name of SERVER_FILES) {
    if (endOf(host, `${tls}/${name}`) - now < RENEWED_MS)
      host.files.write(`${tls}/${name}`, certificateText(now + LIFETIME_MS));
  }
  if (endOf(host, `${tls}/${ADMIN}`) - now < RENEWED_MS) {
    const before = Math.max(0, ...putAway(host, dataDir).map((folder) => endOf(host, `${folder}/${ADMIN}`)));
    const known = pemEnd(cluster.certificates.admin.certificate);
    if (known <= before || known - now < RENEWED_MS)
      cluster.certificates.admin = await issueAdmin(cluster.certificates.clientCa, now, now + LIFETIME_MS);
    writeAdmin(host, tls, cluster);
  }
  if (host.files.get(`${tls}/${REGENERATE}`) === undefined) return;
  host.files.remove(`${tls}/${REGENERATE}`);
  cluster.serving = undefined;
  if (cluster.servers.size > 0) return;
  for (const name of cluster.droppedNames) cluster.names.delete(name);
  cluster.droppedNames.clear();
}

/** An agent gets new certificates from a server whenever it starts. */
export function issueAgentCertificates(host: PracticeHost, dataDir: string, now: number): void {
  for (const name of AGENT_FILES) host.files.write(`${dataDir}/agent/${name}`, certificateText(now + LIFETIME_MS));
}

/** `k3s certificate rotate` on a stopped server: its certificates go, with a copy of all that was there. */
export function rotateCertificates(host: PracticeHost, dataDir: string, now: number): void {
  const tls = `${dataDir}/server/tls`;
  const folder = `${dataDir}/server/tls-${Math.floor(now / 1000)}`;
  for (const path of host.files.below(tls)) {
    const file = host.files.get(path);
    if (file !== undefined) host.files.write(path.replace(tls, folder), file.content, file);
  }
  for (const name of [...SERVER_FILES, ADMIN]) host.files.remove(`${tls}/${name}`);
  for (const name of AGENT_FILES) host.files.remove(`${dataDir}/agent/${name}`);
  host.files.write(`${tls}/${REGENERATE}`, '');
}

/** As if all certificates of a host had been made longer ago: they end, or ended, at a time. */
export function ageCertificates(host: PracticeHost, dataDir: string, ends: number): void {
  const modified = Math.floor((ends - LIFETIME_MS) / 1000);
  const paths = [...SERVER_FILES.map((name) => `server/tls/${name}`), ...AGENT_FILES.map((name) => `agent/${name}`)];
  for (const path of paths) {
    if (host.files.get(`${dataDir}/${path}`) !== undefined)
      host.files.write(`${dataDir}/${path}`, certificateText(ends), { modified });
  }
}

/** The certificate of the administrator ends, or ended, at a time, on this server and in what it gives away from now on. */
export async function ageAdmin(host: PracticeHost, dataDir: string, cluster: K3sCluster, ends: number): Promise<void> {
  const begins = ends - LIFETIME_MS;
  cluster.certificates.admin = await issueAdmin(cluster.certificates.clientCa, begins, ends);
  writeAdmin(host, `${dataDir}/server/tls`, cluster, Math.floor(begins / 1000));
}

/** When the administrator's certificate on a server ends. */
export function adminEnd(host: PracticeHost, dataDir: string): number {
  return endOf(host, `${dataDir}/server/tls/${ADMIN}`);
}

function writeAdmin(host: PracticeHost, tls: string, { certificates: { admin } }: K3sCluster, modified?: number): void {
  host.files.write(`${tls}/${ADMIN}`, admin.certificate, modified === undefined ? {} : { modified });
  host.files.write(`${tls}/client-admin.key`, admin.key, { mode: 0o600 });
}

/** The folders that earlier rotations have left. */
function putAway(host: PracticeHost, dataDir: string): readonly string[] {
  const folders = host.files.below(`${dataDir}/server`).map((path) => /^.*\/server\/tls-\d+(?=\/)/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

/** 0 for what is not there. */
function endOf(host: PracticeHost, path: string): number {
  return pemEnd(host.files.get(path)?.content ?? '');
}

function pemEnd(pem: string): number {
  return certificateFields(pem.replaceAll(/-----[^-]*-----|\s/g, ''))?.ends ?? 0;
}
