import { later, said, say } from '../base/say';
import { CONFIG_PATH, DEFAULT_REGISTRIES_PATH } from './paths';

/** What must not be put on a host as a plain file, and what to do instead. */
interface OwnPath {
  readonly pattern: RegExp;
  /** Continues `… is`. */
  readonly owner: string;
}

/** https://docs.k3s.io/installation/configuration, and what install.sh writes */
const OWN: readonly OwnPath[] = [
  { pattern: exactly(CONFIG_PATH), owner: later`written from the cluster file; write options under config` },
  { pattern: below(`${CONFIG_PATH}.d`), owner: later`a part of the configuration; write options under config` },
  { pattern: exactly(DEFAULT_REGISTRIES_PATH), owner: later`what registries is for` },
  { pattern: /^\/etc\/rancher\/k3s\/k3s\.yaml$/, owner: later`the kubeconfig that K3s writes itself` },
  { pattern: below('/etc/rancher/k3s/k3s-ha'), owner: later`where TLS files of datastore go` },
  { pattern: below('/etc/rancher/node'), owner: later`where K3s keeps the node's password` },
  { pattern: /^\/etc\/systemd\/system\/k3s(?:-agent)?\.service(?:\.env|\.d\/.*)?$/, owner: later`the unit of K3s` },
  {
    pattern: /^\/etc\/(?:init\.d\/k3s(?:-agent)?|rancher\/k3s\/k3s(?:-agent)?\.env)$/,
    owner: later`the service of K3s`,
  },
  {
    pattern: /^(?:\/usr\/local|\/opt)\/bin\/(?:k3s|kubectl|crictl|ctr|k3s-killall\.sh|k3s(?:-agent)?-uninstall\.sh)$/,
    owner: later`what the install script writes`,
  },
  { pattern: below('/var/lib/k3s-ha'), owner: later`where K3s HA keeps what it needs to go back` },
  { pattern: /^\/(?:proc|sys|dev|run)(?:\/|$)/, owner: later`no place for files that stay` },
];

/** Places in the data-dir that are meant for files of others. https://docs.k3s.io/installation/airgap and the pages of the options */
const OPEN = [
  /^agent\/images\//,
  /^agent\/etc\/kubelet\.conf\.d\//,
  /^agent\/etc\/containerd\/[^/]+\.tmpl$/,
  /^agent\/etc\/containerd\/(?:config-v3\.toml\.d|config\.toml\.d)\//,
  /^server\/static\//,
  /^server\/manifests\/[^/]+\/./,
];

/** Why K3s or K3s HA itself owns a path of a host, continuing `… is`; undefined for any other path. */
export function ownerOf(path: string, dataDir: string): string | undefined {
  const found = OWN.find(({ pattern }) => pattern.test(path))?.owner;
  if (found !== undefined || !below(dataDir).test(path)) return found === undefined ? undefined : said(found);
  const inside = path.slice(dataDir.length + 1);
  if (OPEN.some((pattern) => pattern.test(inside))) return undefined;
  return inside.startsWith('server/manifests/') ? say`what manifests is for` : say`where K3s keeps its data`;
}

function exactly(path: string): RegExp {
  return new RegExp(`^${literally(path)}$`);
}

function below(folder: string): RegExp {
  return new RegExp(`^${literally(folder)}(?:/|$)`);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
