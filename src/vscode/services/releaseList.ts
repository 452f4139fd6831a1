import type * as vscode from 'vscode';
import { err, ok, type Result } from '../../core/base/result';
import { RELEASES, releasesOfChannels } from '../../core/k3s/releases';

const KEY = 'k3s-ha.releases';
const TIMEOUT_MS = 10_000;

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
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' } });
        if (!answer.ok) return err(`${url} answers ${answer.status}`);
        const releases = releasesOfChannels(await answer.json());
        if (releases === undefined) return err(`${url} names no stable release`);
        await memory.update(KEY, releases);
        return ok(releases);
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        return err(`${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    },
  };
}
