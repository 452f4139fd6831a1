/** Takes the cursor marker out of a text. */
export function atCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('‸');
  if (offset < 0) throw new Error('The text has no cursor marker');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

/** A file around some lines, so that nothing else is wrong with it. */
export function clusterFile(lines: string): string {
  return `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata:\n  name: edge\n${lines}`;
}

export const SERVERS = 'servers:\n  nodes:\n    - host: 10.0.0.11\n';
