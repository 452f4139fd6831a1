// What a text leaves to fill in: `<ip>`, `{{ ip }}`, `$IP` that nobody assigned, `$(hostname)`. It is carried between marks that no
// text has, in characters that mean nothing to a shell or to YAML, so that it stays one word until somebody decides what to do about it.
const OPEN = '\ue000';
const CLOSE = '\ue001';
const HIDDEN = 0xe100;

/** Takes the marks out of a text that comes from outside. */
export function withoutMarks(text: string): string {
  return text.replace(/[\ue000-\ue001\ue100-\ue17f]/g, '\ufffd');
}

/** A character that means nothing to a shell here. */
export function literal(character: string): string {
  return String.fromCharCode(HIDDEN + character.charCodeAt(0));
}

/** A text that stands for something else, as one word. */
export function placeholder(text: string): string {
  const hidden = revealed(text).replace(/[^\w.\u0080-\uffff-]/g, literal);
  return `${OPEN}${hidden}${CLOSE}`;
}

/** Whether something is left to fill in. */
export function holdsPlaceholder(text: string): boolean {
  return text.includes(OPEN) || /^\[.*\]$/.test(text);
}

/** Whether a text is a placeholder and nothing else. */
export function isWholePlaceholder(text: string): boolean {
  return text.startsWith(OPEN) && text.indexOf(CLOSE) === text.length - 1;
}

/** The text as it was written. */
export function revealed(text: string): string {
  return text
    .replace(/[\ue000-\ue001]/g, '')
    .replace(/[\ue100-\ue17f]/g, (character) => String.fromCharCode(character.charCodeAt(0) - HIDDEN));
}

/** Marks what pages and templates leave to fill in, before a shell or YAML reads something else into it. */
export function markPlaceholders(text: string): string {
  return text
    .replace(/\{\{[^{}\n]{0,300}\}\}/g, (all) => placeholder(all))
    .replace(/(?<![<\w])<(?:[A-Za-z\u0080-\uffff][^<>\n|;&$()"'`=]{0,60})>/g, (all) => placeholder(all));
}

/** A value of a file: a variable or a placeholder as a whole is marked. */
export function markValue(value: string): string {
  return /^(?:\$\w+|\$\{[^{}:]*\}|\$\(.*\)|<[^<>]+>|\{\{.*\}\}|.*\{\{.*\}\}.*)$/s.test(value)
    ? placeholder(value)
    : value;
}
