import { listIn, numberIn, objectIn, textIn } from '../base/json';
import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * Prints what matters of every pod when its node is drained, one line each, then the budgets for disruption as JSON. Whole pods
 * of a large cluster would be hundreds of megabytes.
 */
export const PODS_SCRIPT: RemoteScript = {
  id: 'pods',
  text: String.raw`${HOST_K3S}
k3s kubectl get pods --all-namespaces --request-timeout=30s -o 'go-template=
{{- range .items}}{{.metadata.namespace}} {{.metadata.name}} {{with .spec.nodeName}}{{.}}{{end}}|{{.status.phase}}|
{{- range .metadata.ownerReferences}}{{if .controller}}{{.kind}}{{end}}{{end}}|
{{- range .spec.volumes}}{{range $key, $value := .}}{{if eq $key "emptyDir"}}yes{{end}}{{end}}{{end}}|
{{- with .metadata.annotations}}{{if index . "kubernetes.io/config.mirror"}}yes{{end}}{{end}}|
{{- with .metadata.deletionTimestamp}}yes{{end}}|
{{- range .status.conditions}}{{if eq .type "Ready"}}{{.status}}{{end}}{{end}}|
{{- range $key, $value := .metadata.labels}}{{$key}}={{$value}},{{end}}
{{end}}' || exit 1
echo ---
k3s kubectl get poddisruptionbudgets --all-namespaces -o json --request-timeout=10s`,
};

/** A pod, as far as it matters to a drain. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** Empty while it has none. */
  readonly node: string;
  readonly phase: string;
  /** Kind of what makes it anew, e.g. `ReplicaSet`; empty when nothing does. */
  readonly owner: string;
  readonly emptyDir: boolean;
  /** It stands for a file on its node, and nobody can delete it through the API. */
  readonly mirror: boolean;
  /** It was told to end. */
  readonly ending: boolean;
  readonly ready: boolean;
  readonly labels: ReadonlyMap<string, string>;
}

/** A PodDisruptionBudget as it stands now. */
export interface DisruptionBudget {
  readonly namespace: string;
  readonly name: string;
  /** Pods that may be evicted now. */
  readonly allowed: number;
  readonly healthy: number;
  readonly wanted: number;
  /** Unready pods may always be evicted. */
  readonly unhealthyAlways: boolean;
  /** Undefined when it selects nothing. */
  readonly selector?: LabelSelector;
}

export interface LabelSelector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface PodsAndBudgets {
  readonly pods: readonly Pod[];
  readonly budgets: readonly DisruptionBudget[];
}

/** All pods and budgets for disruption, seen from one server. */
export function podsAndBudgets(): RemoteCommand<PodsAndBudgets> {
  return { script: PODS_SCRIPT, args: [], sudo: true, timeoutMs: 60_000, secrets: [], unshown: true, parse };
}

function parse(output: RemoteOutput): Result<PodsAndBudgets, Problem> {
  if (output.exitCode !== 0)
    return err(failed('pods-unreadable', 'The pods of the cluster could not be listed', output));
  const [lines = '', json] = output.stdout.split(/^---$/m);
  const budgets = readBudgets(json);
  if (budgets === undefined) return err(problem('pods-unreadable', 'kubectl on the host did not answer with the pods'));
  const pods = lines.split('\n').filter((line) => line.trim() !== '');
  return ok({ pods: pods.map(readPod), budgets });
}

function readPod(line: string): Pod {
  const [place = '', phase = '', owner = '', emptyDir, mirror, ending, ready, labels = ''] = line.split('|');
  const [namespace = '', name = '', node = ''] = place.split(' ');
  const pairs = labels.split(',').filter((pair) => pair !== '');
  return {
    namespace,
    name,
    node,
    phase,
    owner,
    emptyDir: emptyDir !== '',
    mirror: mirror !== '',
    ending: ending !== '',
    ready: ready === 'True',
    labels: new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  };
}

function readBudgets(text: string | undefined): readonly DisruptionBudget[] | undefined {
  try {
    const { items } = JSON.parse(text ?? '') as { items?: unknown };
    return Array.isArray(items) ? items.map(readBudget) : undefined;
  } catch {
    return undefined;
  }
}

/** A PodDisruptionBudget of the API. */
export function readBudget(item: unknown): DisruptionBudget {
  const { metadata, spec, status } = objectIn(item) as Partial<Record<'metadata' | 'spec' | 'status', unknown>>;
  const { namespace, name } = objectIn(metadata);
  const { selector, unhealthyPodEvictionPolicy } = objectIn(spec);
  const { disruptionsAllowed, currentHealthy, desiredHealthy } = objectIn(status);
  return {
    namespace: textIn(namespace),
    name: textIn(name),
    allowed: numberIn(disruptionsAllowed),
    healthy: numberIn(currentHealthy),
    wanted: numberIn(desiredHealthy),
    unhealthyAlways: unhealthyPodEvictionPolicy === 'AlwaysAllow',
    ...(selector === undefined ? {} : { selector: readSelector(selector) }),
  };
}

/** A `labelSelector` of the API. */
export function readSelector(selector: unknown): LabelSelector {
  const { matchLabels, matchExpressions } = objectIn(selector);
  return {
    labels: Object.fromEntries(Object.entries(objectIn(matchLabels)).map(([key, value]) => [key, textIn(value)])),
    expressions: listIn(matchExpressions).map((one) => {
      const { key, operator, values } = objectIn(one);
      return { key: textIn(key), operator: textIn(operator), values: listIn(values).map(textIn) };
    }),
  };
}
