import type { Check } from './check';
import type { RealOperation } from './operation';
import type { RealCluster } from './realCluster';
import type { Outcome } from './report';

/** Tells of an operation that begins, of a check, and of an outcome, as they come. */
export interface Telling {
  begins(operation: RealOperation): void;
  saw(check: Check): void;
  ended(outcome: Outcome): void;
}

/** Tries one operation after another; what comes after a wrong one is not tried, because it would find another cluster. */
export async function tryAll(
  operations: readonly RealOperation[],
  real: RealCluster,
  mask: (text: string) => string,
  telling: Telling,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let stopped: string | undefined;
  for (const operation of operations) {
    if (real.signal.aborted) stopped ??= 'it was stopped before';
    const reason = stopped ?? operation.whyNot?.(real);
    const outcome =
      reason === undefined
        ? await tryOne(operation, real, mask, telling)
        : { operation: operation.id, result: 'not tried' as const, why: reason, seconds: 0, checks: [] };
    outcomes.push(outcome);
    telling.ended(outcome);
    if (outcome.result === 'wrong') stopped ??= `${operation.id} went wrong before`;
  }
  return outcomes;
}

async function tryOne(
  operation: RealOperation,
  real: RealCluster,
  mask: (text: string) => string,
  telling: Telling,
): Promise<Outcome> {
  telling.begins(operation);
  const began = performance.now();
  const checks: Check[] = [];
  let why: string | undefined;
  try {
    await operation.run(real, (...seen) => {
      for (const each of seen) {
        const safe = { ...each, found: mask(each.found) };
        checks.push(safe);
        telling.saw(safe);
      }
    });
  } catch (error) {
    why = mask(error instanceof Error ? error.message : String(error));
  }
  return {
    operation: operation.id,
    result: why === undefined && checks.every(({ verdict }) => verdict !== 'wrong') ? 'fine' : 'wrong',
    ...(why === undefined ? {} : { why }),
    seconds: (performance.now() - began) / 1000,
    checks,
  };
}
