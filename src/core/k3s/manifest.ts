import { say } from '../base/say';
import { parseAllDocuments } from 'yaml';

/**
 * AddOns of the manifests that K3s writes itself at every start, below the same folder.
 * https://docs.k3s.io/installation/packaged-components and https://github.com/k3s-io/k3s/tree/master/manifests
 */
const PACKAGED: ReadonlySet<string> = new Set([
  'ccm',
  'coredns',
  'local-storage',
  'rolebindings',
  'runtimes',
  'traefik',
  'aggregated-metrics-reader',
  'auth-delegator',
  'auth-reader',
  'metrics-apiservice',
  'metrics-server-deployment',
  'metrics-server-service',
  'resource-reader',
]);

/** The AddOn that K3s keeps for a manifest: one a base name, in whatever folder the file lies. */
export function addonName(file: string): string | undefined {
  return /^(?:.*[/\\])?([^/\\]+)\.(?:ya?ml|json)$/.exec(file)?.[1];
}

/** Why a manifest of this name would not last among those of K3s; undefined when it would. */
export function manifestNameFault(name: string): string | undefined {
  const addon = addonName(name);
  return addon !== undefined && PACKAGED.has(addon)
    ? say`K3s has a manifest ${addon}.yaml of its own, and keeps one AddOn for both: it undoes one with the other at every start. Give it another name; "${addon}.yaml.skip" beside it keeps K3s's own from being applied.`
    : undefined;
}

/** As YAML in both styles, as JSON, as values of a chart or a ConfigMap, and as an argument. */
const SERVICES_ON = [
  /\bname["']?\s*:\s*["']?svc_enable["']?\s*,?\s*["']?value["']?\s*:\s*["']?(?:true|t|1)\b/i,
  /\bvalue["']?\s*:\s*["']?(?:true|t|1)["']?\s*,?\s*["']?name["']?\s*:\s*["']?svc_enable\b/i,
  /\bsvc_enable["']?\s*:\s*["']?(?:true|t|1)\b/i,
  /(?<=[\s"'[,])--services(?:=(?:true|t|1))?(?=["'\s,\]]|$)/i,
];

/** Whether a manifest has kube-vip announce addresses of Services. https://kube-vip.io/docs/installation/flags/ */
export function announcesServices(text: string): boolean {
  return /kube-vip/.test(text) && SERVICES_ON.some((form) => form.test(text));
}

/** What K3s would not apply: no YAML, or no Kubernetes object. A full sentence; undefined for a good manifest. */
export function manifestFault(text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const list = 'empty' in documents ? [] : documents;
  for (const [index, document] of list.entries()) {
    const which = list.length === 1 ? 'It' : say`Its document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) return say`${which} is no YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}.`;
    const data: unknown = document.toJS();
    if (data === null || data === undefined) continue;
    if (typeof data !== 'object' || Array.isArray(data)) return say`${which} is no Kubernetes object.`;
    const { apiVersion, kind } = data as Readonly<Record<string, unknown>>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      return say`${which} is no Kubernetes object: it has no ${typeof kind === 'string' ? say`apiVersion` : say`kind`}.`;
  }
  return undefined;
}
