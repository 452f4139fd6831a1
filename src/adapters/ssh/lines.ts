import { StringDecoder } from 'node:string_decoder';

/** Characters after which a line without an end is handed over in pieces. */
const LONGEST_LINE = 64 * 1024;

/** Cuts a byte stream into lines, without their ends; bytes of one character may come apart. */
export function createLineSplitter(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string): void => onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return {
    push(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(emit);
      if (rest.length <= LONGEST_LINE) return;
      emit(rest);
      rest = '';
    },
    end() {
      rest += decoder.end();
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}
