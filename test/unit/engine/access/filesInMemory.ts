import type { Files } from '../../../../src/engine/ports';

/** Files in memory, and which of them were locked when they were written. */
export function filesOf(texts: Record<string, string>): Files & { readonly written: string[] } {
  const locked = new Set<string>();
  const written: string[] = [];
  return {
    written,
    read: async (path) => texts[path],
    readEnd: async () => undefined,
    writeAtomic: async (path, text) => {
      texts[path] = text;
      written.push(`${path}${locked.size > 0 ? ' locked' : ''}`);
    },
    tighten: async () => undefined,
    appendLine: async () => undefined,
    withLock: async (path, work) => {
      locked.add(path);
      try {
        return await work();
      } finally {
        locked.delete(path);
      }
    },
  };
}
