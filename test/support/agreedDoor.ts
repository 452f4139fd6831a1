import { ok } from '../../src/core/base/result';
import type { SecretDoor, SecretSource } from '../../src/engine/ports';

/** A door for tests of what happens behind it: what the file gives to hosts was agreed to, host keys were not. */
export function agreedDoor(source: Pick<SecretSource, 'resolve'> & Partial<SecretSource>): SecretDoor {
  return {
    admit: async () => ok(undefined),
    meet: async () => ok(undefined),
    isAgreedKey: () => false,
    resolve: (text) => source.resolve(text),
    worked: async (text) => source.worked?.(text),
    refused: (text) => source.refused?.(text),
  };
}
