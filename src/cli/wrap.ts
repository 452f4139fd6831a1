/** A text as lines of at most `width` columns where its words allow it; all but the first begin with `indent` blanks. */
export function wrapped(text: string, indent: number, width: number): readonly string[] {
  const lines: string[] = [];
  const blanks = ' '.repeat(indent);
  // Blanks at the beginning and between columns stay.
  for (const word of text.match(/^ *\S*|(?<= ) *\S+/g) ?? []) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length > width) lines.push(`${blanks}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
