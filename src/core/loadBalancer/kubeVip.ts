import type { Cluster, ClusterNode, LoadBalancer } from '../cluster/cluster';
import { manifestFolder } from '../cluster/hostFiles';
import { HEADER, KUBE_VIP_FILE } from './paths';

/** Pinned, so that every server runs what was tried. https://github.com/kube-vip/kube-vip/releases */
const KUBE_VIP_IMAGE = 'ghcr.io/kube-vip/kube-vip:v1.0.4';

/** Where the manifest lies on a server. */
export function kubeVipPath(cluster: Pick<Cluster, 'k3s'>, node: ClusterNode): string {
  return `${manifestFolder(cluster, node)}/${KUBE_VIP_FILE}`;
}

/** The address in a manifest of ours, whatever else its settings were; undefined for one that somebody else has written. */
export function kubeVipAddress(manifest: string): string | undefined {
  if (!manifest.startsWith(HEADER)) return undefined;
  return /- name: address\n +value: "([^"\\]+)"/.exec(manifest)?.[1];
}

/** The lease by which the servers decide who carries the address. */
const KUBE_VIP_LEASE = 'plndr-cp-lock';

/** The image of kube-vip that the servers run. */
export function kubeVipImage({ image }: Pick<LoadBalancer, 'image'>): string {
  return image ?? KUBE_VIP_IMAGE;
}

/**
 * The manifest of kube-vip: account, rights, and a pod on every server that serves the API. K3s sets the label
 * control-plane in every version, and that of the former name `master` only before v1.34. Services are left to ServiceLB:
 * beside it kube-vip would announce the addresses of the nodes themselves.
 * https://kube-vip.io/docs/usage/k3s/ and https://kube-vip.io/docs/installation/flags/
 */
export function kubeVipManifest(loadBalancer: LoadBalancer): string {
  const { address, port } = loadBalancer;
  const environment: readonly (readonly [string, string])[] = [
    ['address', address],
    ['port', String(port)],
    ['vip_subnet', address.includes(':') ? '128' : '32'],
    ['cp_enable', 'true'],
    ['cp_namespace', 'kube-system'],
    ['svc_enable', 'false'],
    ...announcement(loadBalancer),
  ];
  return `${HEADER}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: kube-vip
  namespace: kube-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: system:kube-vip-role
rules:
  - apiGroups: ['']
    resources: [services/status]
    verbs: [update]
  - apiGroups: ['']
    resources: [services, endpoints]
    verbs: [list, get, watch, update]
  - apiGroups: ['']
    resources: [nodes]
    verbs: [list, get, watch, update, patch]
  - apiGroups: [coordination.k8s.io]
    resources: [leases]
    verbs: [list, get, watch, update, create]
  - apiGroups: [discovery.k8s.io]
    resources: [endpointslices]
    verbs: [list, get, watch, update]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: system:kube-vip-binding
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: system:kube-vip-role
subjects:
  - kind: ServiceAccount
    name: kube-vip
    namespace: kube-system
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-vip-ds
  namespace: kube-system
  labels:
    app.kubernetes.io/name: kube-vip-ds
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: kube-vip-ds
  template:
    metadata:
      labels:
        app.kubernetes.io/name: kube-vip-ds
    spec:
      serviceAccountName: kube-vip
      priorityClassName: system-node-critical
      hostNetwork: true
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: node-role.kubernetes.io/control-plane
                    operator: Exists
      tolerations:
        - effect: NoSchedule
          operator: Exists
        - effect: NoExecute
          operator: Exists
      containers:
        - name: kube-vip
          image: ${JSON.stringify(kubeVipImage(loadBalancer))}
          imagePullPolicy: IfNotPresent
          args: [manager]
          env:
            - name: vip_nodename
              valueFrom:
                fieldRef:
                  fieldPath: spec.nodeName
${routerId(loadBalancer)}${environment.map(([name, value]) => variable(name, value)).join('')}          securityContext:
            capabilities:
              add: [NET_ADMIN, NET_RAW]
              drop: [ALL]
`;
}

/** How the network learns who carries the address. */
function announcement({ interface: name, bgp }: LoadBalancer): readonly (readonly [string, string])[] {
  if (bgp !== undefined) {
    return [
      ['vip_arp', 'false'],
      ['vip_leaderelection', 'false'],
      // Every server has the address; routers choose among those that announce it.
      ['vip_interface', name ?? 'lo'],
      ['bgp_enable', 'true'],
      ['bgp_as', String(bgp.as)],
      // Address, autonomous system, password, multihop.
      ['bgp_peers', bgp.peers.map(({ address, as, multihop }) => `${address}:${as}::${multihop}`).join(',')],
    ];
  }
  return [
    ['vip_arp', 'true'],
    // Left out, kube-vip takes the interface of the default route, which may have another name on each server.
    ...(name === undefined ? [] : [['vip_interface', name] as const]),
    ['vip_leaderelection', 'true'],
    ['vip_leasename', KUBE_VIP_LEASE],
    ['vip_leaseduration', '5'],
    ['vip_renewdeadline', '3'],
    ['vip_retryperiod', '1'],
  ];
}

/** Routers tell the servers apart by it; on the network of the host the address of the pod is that of the node. */
function routerId({ bgp }: LoadBalancer): string {
  if (bgp === undefined) return '';
  return `            - name: bgp_routerid
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
`;
}

function variable(name: string, value: string): string {
  return `            - name: ${name}
              value: ${JSON.stringify(value)}
`;
}
