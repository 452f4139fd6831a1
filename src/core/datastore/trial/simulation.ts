import { objectOf } from '../../base/json';
import type { DatastoreType } from '../kind';
import type { DatabaseAnswer } from './answer';

/*
 * A datastore of the practice fleet speaks no protocol of a database: it takes one line of JSON and gives one back. What the answer
 * means is judged as that of a real one.
 */

/** What a trial asks. The password itself goes nowhere. */
export interface SimulatedQuestion {
  readonly type: DatastoreType;
  readonly user: string;
  readonly passwordSha256: string;
  readonly database: string;
}

/** What it is told: that it got in, or why not. */
export type SimulatedReply =
  | { readonly product: string; readonly version: string; readonly exists: boolean; readonly bootstrapKeys: string[] }
  | { readonly code: string; readonly says: string };

/** The name of the setting by which a datastore says that it is none. */
export const SIMULATION = 'simulation';

/** Reads the line of a trial; undefined when it is none. */
export function readSimulatedQuestion(line: string): SimulatedQuestion | undefined {
  const { type, user, passwordSha256, database } = objectOf(line);
  const texts = [type, user, passwordSha256, database];
  return texts.every((text) => typeof text === 'string')
    ? ({ type, user, passwordSha256, database } as SimulatedQuestion)
    : undefined;
}

/** Reads the line of a simulated datastore as the answer that it stands for; undefined when it is none. */
export function readSimulatedReply(line: string): DatabaseAnswer | undefined {
  const { product, version, exists, bootstrapKeys, code, says } = objectOf(line);
  if (typeof code === 'string' && typeof says === 'string')
    return { kind: 'refused', refusal: { at: 'login', code, says } };
  if (typeof product !== 'string' || typeof version !== 'string') return undefined;
  const keys = Array.isArray(bootstrapKeys) ? bootstrapKeys.map(String) : [];
  return {
    kind: 'answered',
    facts: {
      product,
      version,
      // Distances are no part of the simulation.
      roundTripMs: 0,
      exists: exists === true,
      lacks: [],
      bootstrapKeys: keys,
      settings: { [SIMULATION]: 'on' },
    },
  };
}
