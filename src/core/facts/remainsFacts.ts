import type { FactTopic } from './topic';

/** What other installations of Kubernetes have left on a host; absent where a host told nothing of it. */
export interface RemainsTopic {
  readonly remains?: RemainsFacts;
}

export interface RemainsFacts {
  /** State of units of other distributions by their names, e.g. `kubelet.service` → `active`. */
  readonly units: ReadonlyMap<string, string>;
  /** Folders of other distributions, and interfaces of a network of pods. */
  readonly folders: readonly string[];
  readonly podInterfaces: readonly string[];
}

/** Units in which other distributions run Kubernetes. */
const UNITS = [
  'kubelet',
  'rke2-server',
  'rke2-agent',
  'k0scontroller',
  'k0sworker',
  'snap.microk8s.daemon-kubelite',
] as const;

const FOLDERS = ['/etc/kubernetes/manifests', '/var/lib/rancher/rke2', '/var/lib/k0s', '/var/snap/microk8s'] as const;

/** One question about all units: a host takes about as long for each answer of systemd as for everything else here. */
export const remainsFacts: FactTopic<RemainsTopic> = {
  name: 'remains',
  script: `systemctl show ${UNITS.map((unit) => `${unit}.service`).join(' ')} -p Id -p LoadState -p ActiveState 2>/dev/null | {
  while IFS='=' read -r name value; do
    case $name in Id) unit=$value ;; LoadState) load=$value ;; ActiveState) active=$value ;; esac
    if [ -n "$unit" ] && [ -n "$load" ] && [ -n "$active" ]; then
      if [ "$load" = loaded ]; then put "other_unit $unit" "$active"; fi
      unit='' load='' active=''
    fi
  done
}
for folder in ${FOLDERS.join(' ')}; do if [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then put "other_folder $folder" yes; fi; done
for link in cni0 flannel.1 flannel-wg kube-ipvs0; do if [ -d "/sys/class/net/$link" ]; then put "pod_link $link" yes; fi; done
put remains yes
`,
  read: (values) =>
    values.yes('remains')
      ? {
          remains: {
            units: values.texts('other_unit'),
            folders: [...values.texts('other_folder').keys()],
            podInterfaces: [...values.texts('pod_link').keys()],
          },
        }
      : {},
};
