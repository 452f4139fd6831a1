/** The start of a here-document of Ruby or Terraform, `<<-SHELL`; it goes on to the line that begins with its word. */
const START = /^(.*?)<<[-~]{0,2}["']?(\w+)["']?/;

/** A text with another one in place of each of its here-documents; those that are never closed are left as they are. */
export function replaceHereDocs(text: string, becomes: (before: string, content: string) => string): string {
  const lines = text.split('\n');
  // Where each word begins a line, from the last one on: starts without ends must not search the whole text each.
  const ends = new Map<string, number[]>();
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const word = /^[ \t]*(\w+)\b/.exec(lines[index] ?? '')?.[1];
    if (word === undefined) continue;
    const known = ends.get(word);
    if (known === undefined) ends.set(word, [index]);
    else known.push(index);
  }
  const out: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, before = '', word = ''] = line.includes('<<') ? (START.exec(line) ?? []) : [];
    const candidates = ends.get(word);
    while (candidates !== undefined && (candidates.at(-1) ?? Infinity) <= index) candidates.pop();
    const end = candidates?.at(-1);
    if (word === '' || end === undefined || /^[ \t]*#/.test(before)) out.push(line);
    else {
      out.push(becomes(before, lines.slice(index + 1, end).join('\n')));
      index = end;
    }
  }
  return out.join('\n');
}
