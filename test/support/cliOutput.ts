import type { Problem } from '../../src/core/base/problem';
import type { RunEvent } from '../../src/core/plan/events';

export type StepEvent = Extract<RunEvent, { readonly type: 'step' }>;

/** What `k3s-ha apply --json` tells at its end. */
export interface CliResult {
  readonly result?: string;
  readonly problems?: readonly Problem[];
}

/** Reads the standard output of `k3s-ha … --json`: events, one a line, and one value of several lines at the end. */
export interface CliOutput {
  take(chunk: string): void;
  /** Last state of every step that began, by its id. */
  readonly states: ReadonlyMap<string, string>;
  /** The text of the value at the end; empty when there was none. */
  rest(): string;
}

export function cliOutput(onStep: (event: StepEvent) => void = () => undefined): CliOutput {
  const states = new Map<string, string>();
  const rest: string[] = [];
  let part = '';
  return {
    states,
    take(chunk) {
      const lines = (part + chunk).split('\n');
      part = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('{"type":')) {
          rest.push(line);
          continue;
        }
        const event = JSON.parse(line) as RunEvent;
        if (event.type !== 'step') continue;
        states.set(event.step, event.state);
        onStep(event);
      }
    },
    rest: () => rest.join('\n').trim(),
  };
}
