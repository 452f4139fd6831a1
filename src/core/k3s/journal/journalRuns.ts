/** What systemd and OpenRC's K3s write when a run of K3s begins. */
const STARTING = /systemd\[1\]: Starting (?:k3s(?:-agent)?\.service|Lightweight Kubernetes)/;
const STARTED_BY_ITSELF = /msg="Starting k3s (?:agent )?v/;

export interface JournalRun {
  /** Lines, counted from 0; the last one belongs to it. */
  readonly first: number;
  readonly last: number;
}

/** The runs of K3s in a journal, the oldest first; lines before the first start belong to a run that began earlier. */
export function journalRuns(lines: readonly string[]): readonly JournalRun[] {
  const starts: number[] = [];
  let bySystemd = false;
  for (const [at, line] of lines.entries()) {
    if (STARTING.test(line)) {
      starts.push(at);
      bySystemd = true;
    } else if (STARTED_BY_ITSELF.test(line)) {
      // With systemd its own line was before.
      if (!bySystemd) starts.push(at);
      bySystemd = false;
    }
  }
  if (lines.length > 0 && starts[0] !== 0) starts.unshift(0);
  return starts.map((first, i) => ({ first, last: (starts[i + 1] ?? lines.length) - 1 }));
}
