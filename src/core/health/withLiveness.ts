import { say } from '../base/say';
import { lastPer } from '../base/remember';
import type { MachineLiveness } from './liveness';
import type { NodeHealth } from './nodeHealth';

/**
 * A node as its machine shows it, which is ahead of Kubernetes: there a dead machine stays Ready for 46 to 51 s, and one that
 * is back becomes Ready after 14 to 26 s. Recorded: timeline-*.txt
 */
export const asItsMachine: (live: NodeHealth, machine: MachineLiveness | undefined) => NodeHealth = lastPer(
  (live, machine) => {
    if (machine === undefined) return live;
    const { state, words, why, since, lasting } = machine;
    switch (state) {
      case 'up':
        return live.ready === 'unknown'
          ? {
              ...live,
              answers: true,
              reason: say`${live.reason}; the machine answers`,
              cause: say`${live.cause ?? live.reason}; the machine answers`,
            }
          : { ...live, answers: true };
      case 'electing':
      case 'cut-off':
        return { ...live, answers: true, trouble: state, warnings: [say`it is ${words}`, ...live.warnings] };
      case 'down':
      case 'taken':
      case 'unready': {
        const unnoticed = state === 'down' && live.ready === 'ready' ? say`; Kubernetes has not noticed yet` : '';
        const cause = say`not ready: ${why ?? words}`;
        return { ...live, answers: false, ready: 'not-ready', reason: `${words}${unnoticed}`, cause, since, lasting };
      }
    }
  },
);
