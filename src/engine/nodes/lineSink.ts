/** Characters after which a line without an end is handed over as it is. */
const LONGEST_LINE = 64 * 1024;

export interface LineSink {
  take(piece: Uint8Array): Promise<void>;
  /** What was left without a line end. */
  end(): void;
}

/** Cuts what a command prints into lines and hands over those of a piece together, so that what wraps over lines stays together. */
export function lineSink(onLines: (lines: readonly string[]) => void): LineSink {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    async take(piece) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) {
        lines.push(rest);
        rest = '';
      }
      if (lines.length > 0) onLines(lines.map((line) => line.replace(/\r$/, '')));
    },
    end() {
      rest += decoder.decode();
      if (rest !== '') onLines([rest]);
      rest = '';
    },
  };
}
