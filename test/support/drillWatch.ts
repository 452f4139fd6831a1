import type { DrillWatch, Observation } from '../../src/engine/drill/drillWatch';

/** Who watches a drill in a test: it tells what it was told, and for how long the fixed address is silent. */
export interface ScriptedWatch extends DrillWatch {
  readonly did: readonly string[];
  readonly noted: Partial<Pick<Observation, 'dns' | 'quorum'>>;
}

export function scriptedWatch(silentMs: () => number = () => 0): ScriptedWatch {
  const did: string[] = [];
  const noted: Partial<Pick<Observation, 'dns' | 'quorum'>> = {};
  return {
    did,
    noted,
    silentMs,
    begin: async (part) => void did.push(`begin ${part}`),
    note: (_, seen) => void Object.assign(noted, seen),
    look: async (part) => void did.push(`look ${part}`),
    end: (part) => void did.push(`end ${part}`),
    seen: () => undefined,
    close: async () => undefined,
  };
}
