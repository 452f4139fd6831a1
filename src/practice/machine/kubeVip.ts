/** What the manifest of kube-vip asks for. */
export interface KubeVipSettings {
  readonly address: string;
  readonly port: number;
  /** One server has the address at a time; otherwise routers are told of it by every server. */
  readonly elected: boolean;
}

/** kube-vip on a host. Its container outlives the unit of K3s, as on a real host; it does not outlive the power. */
export interface HostKubeVip {
  running?: KubeVipSettings;
  /** How often its container was ended here: the kubelet waits longer each time. */
  ended: number;
  /** Looks of the kubelet until it starts the container again. */
  pause: number;
}

/** Reads the settings out of a manifest; undefined when it has no kube-vip. */
export function kubeVipSettings(manifest: string): KubeVipSettings | undefined {
  if (!/^kind: DaemonSet$[^]*?^ +name: kube-vip/m.test(manifest)) return undefined;
  const value = (name: string): string | undefined =>
    new RegExp(`- name: ${name}\\n +value: "?([^"\\n]+)"?`).exec(manifest)?.[1];
  const address = value('address');
  if (address === undefined) return undefined;
  return { address, port: Number(value('port') ?? 6443), elected: value('vip_leaderelection') === 'true' };
}
