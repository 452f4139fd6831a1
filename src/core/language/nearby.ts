/** Lines on either side of the cursor that are always kept. */
const NEAR = 60;
/** Texts up to this many characters are read whole. */
const SMALL = 8_000;

/**
 * The text with list items far from the cursor blanked out: offsets and structure stay, but there is much less to read.
 * Items that define an anchor stay, because something near may refer to it.
 */
export function nearbyText(text: string, offset: number): string {
  if (text.length <= SMALL) return text;
  const lines = text.split('\n');
  const cursor = text.slice(0, offset).split('\n').length - 1;
  let first = 0;
  while (first < lines.length) {
    const indent = /^( +)- /.exec(lines[first] ?? '')?.[1]?.length;
    if (indent === undefined) {
      first += 1;
      continue;
    }
    let end = first + 1;
    while (end < lines.length && belongsTo(lines[end] ?? '', indent)) end += 1;
    const far = end < cursor - NEAR || first > cursor + NEAR;
    if (far && !lines.slice(first, end).some((line) => line.includes('&'))) {
      for (let i = first; i < end; i += 1) lines[i] = (lines[i] ?? '').replace(/[^\r]/g, ' ');
    }
    first = end;
  }
  return lines.join('\n');
}

/** Lines of an item stand deeper than its dash. */
function belongsTo(line: string, dash: number): boolean {
  const indent = line.search(/\S/);
  return indent < 0 || indent > dash;
}
