import type { RunReport, Span } from './events';
import { lowerBound } from './order';
import type { Step } from './step';

/** Where the time of a run went. All times are in milliseconds, those of steps since the first one could begin. */
export interface Timings {
  readonly totalMs: number;
  /** The lease, and the last look at the hosts before the first step. */
  readonly beforeMs: number;
  readonly stepsMs: number;
  /** The look whether all is as the file says. */
  readonly afterMs: number;
  /** In which the steps could have run at best, each as long as it took. */
  readonly boundMs: number;
  /** The chain of steps that set the pace, from the first to the one that ended last. */
  readonly pace: readonly PaceStep[];
  /** By host, in the order of the plan. */
  readonly hosts: readonly HostTime[];
}

export interface PaceStep extends Span {
  readonly step: Step;
  /** Between the end of what it waits for and its begin: it had to wait for something that others used. */
  readonly heldMs: number;
}

export interface HostTime {
  readonly host: string;
  readonly spans: readonly Span[];
}

/** Reads where the time of a run went from when its steps ran; `places` is how many hosts were worked on at the same time. */
export function timingsOf(steps: readonly Step[], { spans, wallMs, around }: RunReport, places: number): Timings {
  const { beforeMs = 0, afterMs = 0 } = around ?? {};
  const ran = steps.filter(({ id }) => spans.has(id));
  const hosts = new Map<string, Span[]>();
  for (const { about, id } of ran) {
    const own = hosts.get(about) ?? [];
    hosts.set(about, own);
    own.push(spans.get(id) as Span);
  }
  return {
    totalMs: beforeMs + wallMs + afterMs,
    beforeMs,
    stepsMs: wallMs,
    afterMs,
    boundMs: lowerBound(ran, spans, places),
    pace: paceOf(ran, spans),
    hosts: [...hosts].map(([host, own]) => ({ host, spans: own })),
  };
}

function paceOf(steps: readonly Step[], spans: ReadonlyMap<string, Span>): readonly PaceStep[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const end = (step: Step): number => spans.get(step.id)?.endMs ?? 0;
  const last = (some: readonly Step[]): Step | undefined =>
    some.reduce<Step | undefined>(
      (found, step) => (found === undefined || end(step) > end(found) ? step : found),
      undefined,
    );
  const pace: PaceStep[] = [];
  for (let step = last(steps); step !== undefined;) {
    const { beginMs, endMs } = spans.get(step.id) as Span;
    const before = last(step.after.flatMap((id) => byId.get(id) ?? []));
    pace.unshift({ step, beginMs, endMs, heldMs: beginMs - (before === undefined ? 0 : end(before)) });
    step = before;
  }
  return pace;
}
