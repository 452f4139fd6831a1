/** Where a copy of a kubeconfig goes before it changes. A name of its own for each: an older copy is never overwritten. */
export function backupPath(path: string, now: number, number: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, '');
  return `${path}.k3s-ha-${stamp}${number === 1 ? '' : `-${number}`}.bak`;
}
