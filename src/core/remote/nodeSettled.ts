import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: name of a Node; $2: `charts` on behalf of a server. Prints the Node's release and whether it is Ready, the pods of DaemonSets on it,
 * and, for a server, the jobs by which K3s installs its packaged charts, releases of Helm that are pending, and the last line
 * of a job that does not get on. https://docs.k3s.io/add-ons/helm
 */
export const NODE_SETTLED_SCRIPT: RemoteScript = {
  id: 'node-settled',
  text: String.raw`${HOST_K3S}
ask() { k3s kubectl --request-timeout=10s "$@"; }
chart=helmcharts.helm.cattle.io/chart
ask get node -o 'jsonpath=node {.status.nodeInfo.kubeletVersion} {.status.conditions[?(@.type=="Ready")].status}{"\n"}' -- "$1" || exit 1
ask get pods --all-namespaces --field-selector "spec.nodeName=$1" -o 'go-template=
{{- range .items}}pod {{.metadata.namespace}}/{{.metadata.name}} {{range .metadata.ownerReferences}}{{if .controller}}{{.kind}}{{end}}{{end}}|
{{- range .status.conditions}}{{if eq .type "Ready"}}{{.status}}{{end}}{{end}}|{{with .metadata.deletionTimestamp}}yes{{end}}
{{end}}' || exit 1
if [ "$2" != charts ]; then exit 0; fi
ask get jobs --namespace kube-system --selector "$chart" -o 'go-template=
{{- range .items}}job {{.metadata.name}} {{with .status.succeeded}}done{{else}}open{{end}}
{{end}}' || exit 1
ask get secrets --all-namespaces --selector 'owner=helm,status in (pending-install,pending-upgrade,pending-rollback)' -o 'go-template=
{{- range .items}}release {{.metadata.namespace}}/{{.metadata.labels.name}} {{.metadata.labels.status}}
{{end}}' || exit 1
stuck=$(ask get pods --namespace kube-system --selector "$chart" -o 'go-template=
{{- range .items}}{{$name := .metadata.name}}{{range .status.containerStatuses}}{{with .state.waiting}}{{if eq .reason "CrashLoopBackOff"}}{{$name}}
{{end}}{{end}}{{end}}{{end}}') || exit 1
for pod in $stuck; do
  echo "stuck $pod $(ask logs --namespace kube-system --tail=1 "$pod" 2>&1 | tail -n 1)"
done`,
};

/** How far a node has come after a restart with another release. */
export interface NodeSettled {
  readonly release: string;
  readonly ready: boolean;
  /** Pods of DaemonSets that are not Ready: `kube-system/svclb-x`. */
  readonly waiting: readonly string[];
  /** Jobs of packaged charts that are not complete. */
  readonly jobs: readonly string[];
  /** Releases of Helm that are neither deployed nor failed, with their state: `kube-system/traefik pending-upgrade`. */
  readonly pending: readonly string[];
  /** Pods of such jobs that fail again and again, with the last line that they wrote. */
  readonly stuck: readonly { readonly pod: string; readonly says: string }[];
}

/** Asks a server how far a Node has come; with `charts` also what K3s itself installs. */
export function nodeSettled(name: string, charts: boolean): RemoteCommand<NodeSettled> {
  return {
    script: NODE_SETTLED_SCRIPT,
    args: [name, charts ? 'charts' : ''],
    sudo: true,
    timeoutMs: 90_000,
    secrets: [],
    parse: (output) => parseSettled(name, output),
  };
}

function parseSettled(name: string, output: RemoteOutput): Result<NodeSettled, Problem> {
  if (output.exitCode !== 0)
    return err(failed('node-unreadable', `The cluster did not tell how far ${name} has come`, output));
  const of = (kind: string): string[] =>
    output.stdout
      .split('\n')
      .flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1).trim()] : []));
  const [node] = of('node');
  if (node === undefined) return err(problem('node-unreadable', `The cluster did not tell of the node ${name}`));
  const [release = '', ready = ''] = node.split(' ');
  return ok({
    release,
    ready: ready === 'True',
    waiting: of('pod').flatMap((line) => {
      const [head = '', isReady, ending] = line.split('|');
      const [pod = '', owner] = head.split(' ');
      return owner === 'DaemonSet' && isReady !== 'True' && ending !== 'yes' ? [pod] : [];
    }),
    jobs: of('job').flatMap((line) => (line.endsWith(' open') ? [line.slice(0, -' open'.length)] : [])),
    pending: of('release'),
    stuck: of('stuck').map((line) => {
      const [pod = '', ...words] = line.split(' ');
      return { pod, says: words.join(' ') };
    }),
  });
}
