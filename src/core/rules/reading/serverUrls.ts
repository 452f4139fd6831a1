import type { Path } from '../../base/path';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { parseServerUrl } from './addresses';
import { writtenOptions } from './places';
import { hasReference } from './read';
import { scalarText } from '../../cluster/configValue';

interface WrittenServerUrl {
  readonly text: string;
  readonly url: NonNullable<ReturnType<typeof parseServerUrl>>;
  readonly path: Path;
  readonly nodes: readonly ClusterNode[];
}

/** Every `server:` option, and K3S_URL for the installer, that can be read without resolving references. */
export function writtenServerUrls(context: RuleContext): readonly WrittenServerUrl[] {
  const { cluster } = context;
  const found = [
    ...writtenOptions(context)
      .filter((option) => option.name === 'server')
      .map(({ value, path, nodes }) => ({ text: scalarText(value), path, nodes })),
    { text: cluster.k3s.install.env['K3S_URL'], path: ['k3s', 'install', 'env', 'K3S_URL'], nodes: cluster.agents },
  ];
  return found.flatMap(({ text, path, nodes }) => {
    const url = text === undefined || hasReference(text) ? undefined : parseServerUrl(text);
    return text === undefined || url === undefined ? [] : [{ text: text.trim(), url, path, nodes }];
  });
}
