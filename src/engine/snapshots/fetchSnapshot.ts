import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { objectUrl } from '../../core/k3s/objectAddress';
import { readFile } from '../../core/remote/file';
import { target } from '../hosts/targets';
import { inWords } from '../planning/downloadWords';
import type { RestoreIntent } from '../planning/restoreIntent';
import type { StoredSnapshot } from '../planning/storedSnapshot';
import type { ObjectStores, RemoteHosts } from '../ports';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';

interface FetchDependencies {
  readonly hosts: RemoteHosts;
  /** Without them nothing is got from S3. */
  readonly objects?: ObjectStores;
}

interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly onDownload?: (message: string) => void;
}

/** Gets a snapshot from S3 to a private file of this computer, from where it is restored like any copy. */
export async function fetchSnapshot(
  { name, at, key, size, server, ...wanted }: StoredSnapshot,
  secrets: ResolvedSecrets,
  { hosts, objects }: FetchDependencies,
  { signal, onDownload }: FetchOptions,
): Promise<Result<Pick<RestoreIntent, 'copyPath' | 'copyFrom'>, Problem>> {
  const url = objectUrl(at, key);
  if (objects === undefined)
    return err(
      problem('snapshot-in-s3', say`${url} cannot be got here`, { nextSteps: [say`Use "k3s-ha snapshot restore".`] }),
    );
  const run = signal === undefined ? {} : { signal };
  const ca = await authorities(wanted.authorities, server, hosts, run);
  if (!ca.ok) return ca;
  const got = await objects.get({
    url,
    name,
    region: at.region,
    accessKey: secrets.text(wanted.accessKey),
    secretKey: secrets.text(wanted.secretKey),
    ...(wanted.sessionToken === undefined ? {} : { sessionToken: secrets.text(wanted.sessionToken) }),
    ...(ca.value === undefined ? {} : { ca: ca.value }),
    checksCertificate: wanted.checksCertificate,
    ...(size === undefined ? {} : { size }),
    connect: (host, port) => hosts.openTunnel(target(server), host, port, signal),
    ...run,
    ...(onDownload === undefined ? {} : { onReceived: inWords(say`${name} from S3`, onDownload) }),
  });
  return got.ok ? ok({ copyPath: got.value, copyFrom: url }) : got;
}

/** `etcd-s3-endpoint-ca` as PEM text: of each item what the server has at that path, or what it holds in base64. */
async function authorities(
  written: string | undefined,
  server: StoredSnapshot['server'],
  hosts: RemoteHosts,
  run: { readonly signal?: AbortSignal },
): Promise<Result<string | undefined, Problem>> {
  if (written === undefined) return ok(undefined);
  const texts: string[] = [];
  for (const item of written.split(/\s+/).filter((part) => part !== '')) {
    const decoded = textOf(item);
    if (decoded !== undefined) {
      texts.push(decoded);
      continue;
    }
    const read = await hosts.run(target(server), readFile(item), run);
    if (read.kind === 'done' && read.value.includes(BEGIN)) {
      texts.push(read.value);
      continue;
    }
    return err(
      problem('s3-authority-unreadable', say`etcd-s3-endpoint-ca: ${item} is no certificate on ${server.id}`, {
        host: server.id,
        ...(read.kind === 'done' ? {} : { why: read.problem.message }),
        nextSteps: [say`Name a PEM file that lies on the servers, or write its text in base64.`],
      }),
    );
  }
  return ok(texts.join('\n'));
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

function textOf(item: string): string | undefined {
  if (item.startsWith('/') || !/^[A-Za-z0-9+/]+=*$/.test(item)) return undefined;
  const text = atob(item);
  return text.includes(BEGIN) ? text : undefined;
}
