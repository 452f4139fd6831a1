const LONGEST = 80;

/** A value of the file as inline code in Markdown: on one line, cut where it is long, with fences that its own backticks cannot end. */
export function inlineCode(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  const text = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = text === '' || text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${text}${gap}${fence}`;
}
