/** Text that is safe to be parsed as markup. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[] | undefined;

/** Template tag: every value is escaped unless it is markup itself. Names and messages of a cluster file go through here. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: strings.map((text, i) => text + shown(values[i])).join('') };
}

function shown(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map((item) => item.markup).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
