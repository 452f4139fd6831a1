/** Names that are the same in every language, where two of their words stand beside each other. */
const NAMES = [
  'Kubernetes API',
  'API server',
  'Copy SVG',
  'Preview Plan',
  'K3s HA',
  'keepalived',
  'kubeconfig',
  'kube-vip',
  'systemd',
  'embedded etcd',
];

/** Two English words in a row, as in a sentence; options, files, commands and versions are none. */
const ENGLISH = /(?<![-\w./:@=])[A-Za-z]{2,}(?:'s)?[,:;]? [a-z]{2,}(?![-\w/=])/u;

/** The texts among these in which there is still English. */
export function englishIn(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => {
    const own = NAMES.reduce((rest, name) => rest.replaceAll(name, '·'), text);
    return ENGLISH.test(own.replace(/"[^"]*"|`[^`]*`/gu, '·'));
  });
}
