/** Whether people look at the output. */
export const colored = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (colored ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const red = paint('31');
export const green = paint('32');
export const yellow = paint('33');

/** Seconds since `start` (a value of performance.now()), as people read them. */
export const since = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Runs `work` and prints one line about it: what, how long, and `FAILED` when it threw. */
export async function step(what, work) {
  const start = performance.now();
  try {
    const value = await work();
    console.log(`${green('✓')} ${what} ${dim(since(start))}`);
    return value;
  } catch (error) {
    console.log(`${red('✗')} ${what} ${red('FAILED')} ${dim(since(start))}`);
    throw error;
  }
}

/** Length of a text as it is seen, without its colors. */
// eslint-disable-next-line no-control-regex -- colors are control characters
const visible = (text) => text.replace(/\u001b\[\d+m/g, '').length;

/** Rows of cells as aligned columns; a column of numbers is aligned to the right. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
  const widths = head.map((_, column) => Math.max(...all.map((row) => visible(row[column]))));
  const numeric = head.map(
    (_, column) => rows.length > 0 && all.slice(1).every((row) => /^([\d.,]+( \S+)?|)$/.test(row[column])),
  );
  const pad = (cell, i) => ' '.repeat(widths[i] - visible(cell));
  const line = (row) =>
    row
      .map((cell, i) => (numeric[i] ? pad(cell, i) + cell : cell + pad(cell, i)))
      .join('  ')
      .trimEnd();
  return [
    bold(line(all[0])),
    dim(
      widths
        .map((width) => '─'.repeat(width))
        .join('  ')
        .trimEnd(),
    ),
    ...all.slice(1).map(line),
  ].join('\n');
}

/** Prints why the script stops, without a stack trace when the error is one that people can act on, and sets the exit status. */
export function die(error) {
  console.error(red(error?.expected ? error.message : (error?.stack ?? String(error))));
  process.exitCode = 1;
}

/** An error with a message for people: it is printed as it is, without a stack. */
export function failure(message) {
  return Object.assign(new Error(message), { expected: true });
}
