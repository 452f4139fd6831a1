import { stringifyForGo } from './goYaml';

type Data = Readonly<Record<string, unknown>>;

/** Keys of `configs.<host>.auth`, but for the name of the user. https://docs.k3s.io/installation/private-registry#configs */
const SECRET = new Set(['password', 'auth', 'identity_token']);

const HEADER =
  '# Written by K3s HA from the cluster file. Change it there: an edit made here is replaced by the next run.\n';

/** The text of registries.yaml; `text` resolves the references of a value. */
export function renderRegistries(data: Data, text: (written: string) => string): string {
  return HEADER + stringifyForGo(mapTexts(data, (value) => text(value)) as Data);
}

/** The same as it may be shown. */
export function shownRegistries(data: Data): string {
  const shown = mapTexts(data, (value, key) => (SECRET.has(key) || value.includes('${') ? '«secret»' : value));
  return HEADER + stringifyForGo(shown as Data);
}

/** Every text that may hold references. */
export function registryTexts(data: unknown): readonly string[] {
  const found: string[] = [];
  mapTexts(data, (value) => {
    found.push(value);
    return value;
  });
  return found;
}

/** What logs in: passwords, tokens and the pairs in Base64. */
export function registrySecrets(data: unknown): readonly string[] {
  const found: string[] = [];
  mapTexts(data, (value, key) => {
    if (SECRET.has(key)) found.push(value);
    return value;
  });
  return found;
}

function mapTexts(value: unknown, change: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return change(value, key);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change, name)]));
}

/** The hosts that images are asked for at: endpoints of mirrors, or the registry itself where it has none. */
export function registryHosts(data: Data): readonly string[] {
  const { mirrors, configs } = data;
  const endpoints = Object.values(record(mirrors)).flatMap((mirror) => {
    const { endpoint } = record(mirror);
    return Array.isArray(endpoint) ? endpoint.map(String) : [];
  });
  return [...endpoints, ...Object.keys(record(configs))]
    .filter((text) => !text.includes('${'))
    .map((text) => text.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, ''));
}

function record(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
}
