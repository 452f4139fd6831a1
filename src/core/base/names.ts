/** Turns free text into the name of a secret: lower-case words joined by hyphens. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** `server-4` for server-1 … server-3: the first free name in the manner of `pattern`, counting from `from`. */
export function nextName(taken: readonly string[], pattern: string, from = 1): string {
  const used = new Set(taken);
  const stem = pattern.replace(/-?\d+$/, '');
  for (let number = from; ; number += 1) {
    const name = `${stem}-${number}`;
    if (!used.has(name)) return name;
  }
}
