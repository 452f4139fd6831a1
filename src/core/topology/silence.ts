import { later, said, say } from '../base/say';
import type { Answer, Survival } from './model';

/** Whatever the reason is, these are true while nobody gets an answer from the API. */
const SILENT = {
  api: { outcome: 'no', reason: later`The API does not answer.` },
  datastore: {
    outcome: 'unknown',
    reason: later`Only the API could tell. etcd without quorum is the most frequent reason for its silence.`,
  },
  join: { outcome: 'no', reason: later`No node can join while the API does not answer.` },
  workloads: {
    outcome: 'partly',
    reason: later`Containers run on where their machines do, but nothing is rescheduled, scaled or updated.`,
  },
  kubeconfig: { outcome: 'no', reason: later`It points at an address where no API answers now.` },
} as const satisfies Partial<Record<keyof Survival, Answer>>;

/** May a part be taken down while the API does not answer? */
export function notWhileSilent(): Answer {
  return { outcome: 'no', reason: say`No: the API does not answer. Find out first which servers run.` };
}

/**
 * What is left of these answers when the API does not answer: what was last known says how it was, not how it is. Bad
 * news stays, because it tells why; good news does not.
 */
export function silentSurvival({ failed, cutOff, quorum, ...answers }: Survival): Survival {
  const worse = (key: keyof typeof SILENT): Answer =>
    answers[key].outcome === 'no' ? answers[key] : { ...SILENT[key], reason: said(SILENT[key].reason) };
  return {
    failed,
    cutOff,
    api: worse('api'),
    datastore: worse('datastore'),
    join: worse('join'),
    workloads: worse('workloads'),
    kubeconfig: worse('kubeconfig'),
    ...(quorum !== undefined && quorum.margin < 0 ? { quorum } : {}),
  };
}
