import { exportSvg } from '../../webview/drawing/exportSvg';
import { snapshotOf } from '../views/diagram';
import type { ClusterState } from '../views/clusterState';
import type { ClusterFile } from './context';

/** The picture of the diagram as SVG, as designed or without parts that failed: the same code as in the editor. */
export function svgOf(file: ClusterFile, failed: readonly string[]): string {
  const state: ClusterState = {
    uri: file.path,
    document: file.document,
    cluster: file.cluster,
    findings: file.findings,
    diagnostics: file.diagnostics,
    live: { kind: 'idle' },
    planned: new Map(),
    run: new Map(),
  };
  return exportSvg(snapshotOf(state, { expanded: [], chosen: failed }, 1));
}
