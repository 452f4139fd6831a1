import type { Markdown } from '../core/base/markdown';
import type { ClusterState } from './clusterState';
import { headline } from './headline';

/** What the status bar says of a cluster. */
export interface StatusBarEntry {
  /** Codicon id. */
  readonly icon: string;
  readonly text: string;
  readonly tooltip: Markdown;
}

/** `fileLabel`: the file's name as people know it. */
export function statusBarEntry(state: ClusterState, fileLabel: string): StatusBarEntry {
  const { label, words, icon, tooltip } = headline(state, fileLabel);
  return { icon, text: `${label}: ${words}`, tooltip };
}
