/** A text, which may hold digits, or a whole number that JavaScript may not be able to hold (2^53 has 16 digits). */
const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * JSON whose long whole numbers become text, digit by digit as they were written: `JSON.parse` would round member ids of
 * etcd and times in nanoseconds. Undefined for anything that is not JSON.
 */
export function parseExactJson(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(TEXT_OR_LONG_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  } catch {
    return undefined;
  }
}
