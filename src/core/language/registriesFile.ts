import { say } from '../base/say';
import { parseDocument as parseYaml } from 'yaml';
import { parseDocument } from '../document/parse';
import { validateSchema } from './validateSchema';

/** A registries.yaml as K3s would read it. */
interface RegistriesFile {
  readonly data: unknown;
  /** Sentences; empty for a good one. */
  readonly problems: readonly string[];
}

/** Checks a registries.yaml by the schema that `registries:` of a cluster file has. */
export function readRegistriesFile(text: string): RegistriesFile {
  const document = parseYaml(text, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined)
    return { data: undefined, problems: [say`It is no YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}.`] };
  const data: unknown = document.toJS();
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { data: undefined, problems: [say`It has neither mirrors nor configs.`] };
  // JSON is YAML, so that the one schema of cluster files judges it.
  const asCluster = parseDocument(
    `{apiVersion: k3s-ha/v1, kind: Cluster, metadata: {name: x}, servers: {nodes: [{host: x}]}, registries: ${JSON.stringify(data)}}`,
  );
  const problems = validateSchema(asCluster).filter(({ path }) => path[0] === 'registries');
  const own = 'file' in data ? [say`"file" is a key of the cluster file only.`] : [];
  return { data, problems: [...own, ...problems.map(({ message }) => message)] };
}
