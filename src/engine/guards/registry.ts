import type { GuardId } from '../../core/plan/step';
import { apiAnswers } from './apiAnswers';
import type { Guard } from './guard';
import { quorum } from './quorum';

const GUARDS: readonly Guard[] = [apiAnswers, quorum];

export function guardById(id: GuardId): Guard {
  const guard = GUARDS.find((candidate) => candidate.id === id);
  if (guard === undefined) throw new Error(`no guard ${id}`);
  return guard;
}
