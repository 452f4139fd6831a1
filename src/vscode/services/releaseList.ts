import type * as vscode from 'vscode';
import type { Result } from '../../core/base/result';
import { RELEASES } from '../../core/k3s/releases';
import { fetchReleases } from './fetchReleases';

const KEY = 'k3s-ha.releases';

/** The releases of K3s that completion offers: those that came with the extension, until somebody asks for newer ones. */
export interface ReleaseList {
  current(): readonly string[];
  /** Asks a channel server; the error is a sentence. */
  refresh(url: string): Promise<Result<readonly string[], string>>;
}

export function createReleaseList(memory: vscode.Memento): ReleaseList {
  return {
    current: () => memory.get<readonly string[]>(KEY) ?? RELEASES,
    async refresh(url) {
      const releases = await fetchReleases(url);
      if (releases.ok) await memory.update(KEY, releases.value);
      return releases;
    },
  };
}
