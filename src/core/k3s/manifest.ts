import { parseAllDocuments } from 'yaml';

/**
 * Manifests that K3s writes into the same folder at every start. One of the same name would be overwritten; `<name>.skip`
 * keeps K3s from it. https://docs.k3s.io/installation/packaged-components#packaged-components
 */
const PACKAGED: ReadonlySet<string> = new Set([
  'ccm.yaml',
  'coredns.yaml',
  'local-storage.yaml',
  'rolebindings.yaml',
  'runtimes.yaml',
  'traefik.yaml',
]);

/** Why a manifest of this name would not stay in the folder of K3s; undefined when it would. */
export function manifestNameFault(name: string): string | undefined {
  return PACKAGED.has(name)
    ? `K3s writes a manifest ${name} of its own at every start, over this one. Give it another name; "${name}.skip" beside it keeps K3s's own from being applied.`
    : undefined;
}

/** What K3s would not apply: no YAML, or no Kubernetes object. A full sentence; undefined for a good manifest. */
export function manifestFault(text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const list = 'empty' in documents ? [] : documents;
  for (const [index, document] of list.entries()) {
    const which = list.length === 1 ? 'It' : `Its document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) return `${which} is no YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}.`;
    const data: unknown = document.toJS();
    if (data === null || data === undefined) continue;
    if (typeof data !== 'object' || Array.isArray(data)) return `${which} is no Kubernetes object.`;
    const { apiVersion, kind } = data as Readonly<Record<string, unknown>>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      return `${which} is no Kubernetes object: it has no ${typeof kind === 'string' ? 'apiVersion' : 'kind'}.`;
  }
  return undefined;
}
