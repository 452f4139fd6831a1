import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { hostFiles, type HostFile, type HostFileKind } from '../../core/cluster/hostFiles';
import { renderRegistries } from '../../core/k3s/registries';
import { kubeVipManifest } from '../../core/loadBalancer/kubeVip';
import { KUBE_VIP_FILE } from '../../core/loadBalancer/paths';
import { mayHoldSecret } from '../../core/language/secretText';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { Placing } from '../../core/remote/upload';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';
import type { LocalFiles } from './localFile';
import type { Sha256 } from './sha256';

/** A file beside config.yaml as it is to stand on a host. */
export interface DesiredFile extends Placing {
  readonly to: string;
  readonly sha256: string;
  readonly input: ByteInput;
  /** What is shown of it; absent for secrets, for what is no text, and for long ones. */
  readonly text?: string;
  /** Its whole content, and what stands there in its place, stay unseen. */
  readonly secret: boolean;
  readonly kind: HostFileKind;
  /** The key of the cluster file that asks for it. */
  readonly use: string;
}

/** The files of a node. One that could not be read is not among them: then nothing is done anywhere. */
export function desiredFiles(
  cluster: Cluster,
  node: ClusterNode,
  local: LocalFiles,
  secrets: ResolvedSecrets,
  sha256: Sha256,
): readonly DesiredFile[] {
  return hostFiles(cluster, node).flatMap((file) => {
    const { source, to } = file;
    if (source.kind === 'written') {
      const input = textInput(renderRegistries(source.data, secrets.text), sha256);
      return [desired(file, to, input, true, source.shown)];
    }
    if (source.kind === 'kube-vip') {
      const text = kubeVipManifest(source.loadBalancer);
      return [desired(file, `${to}/${KUBE_VIP_FILE}`, textInput(text, sha256), false, text)];
    }
    const paths = file.kind === 'manifest' ? (local.listed.get(source.from) ?? []) : [source.from];
    return paths.flatMap((path) => {
      const read = local.files.get(path);
      if (read === undefined) return [];
      const { input, text } = read;
      const secret = file.kind === 'key' || file.kind === 'registries' || (text !== undefined && mayHoldSecret(text));
      const place = file.kind === 'manifest' ? `${to}/${path.split(/[/\\]/).at(-1)}` : to;
      return [desired(file, place, input, secret, secret || text === undefined || !isShort(text) ? undefined : text)];
    });
  });
}

/** What a person reads line by line; comparing two texts takes lines times lines. */
export function isShort(text: string): boolean {
  return text.length <= 32_768 && text.split('\n').length <= 1_000;
}

function desired(
  { mode, owner, restart, kind, use }: HostFile,
  to: string,
  input: ByteInput,
  secret: boolean,
  text: string | undefined,
): DesiredFile {
  return {
    to,
    mode,
    restart,
    kind,
    use,
    secret,
    sha256: input.sha256,
    input,
    ...(owner === undefined ? {} : { owner }),
    ...(text === undefined ? {} : { text }),
  };
}

/** A file that K3s HA keeps for itself on a host; it restarts nothing. */
export function textFile(to: string, text: string, use: string, sha256: Sha256): DesiredFile {
  const input = textInput(text, sha256);
  return { to, mode: '0600', restart: false, kind: 'record', use, secret: false, sha256: input.sha256, input, text };
}

function textInput(text: string, sha256: Sha256): ByteInput {
  const bytes = new TextEncoder().encode(text);
  return {
    size: bytes.length,
    sha256: sha256(text),
    async *open() {
      yield bytes;
    },
  };
}
