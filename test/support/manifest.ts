import manifest from '../../package.json';
import texts from '../../package.nls.json';

/** A text of package.json as VS Code shows it: what stands in package.nls.json under its key. */
export function worded(key: string): string | undefined {
  return (texts as Readonly<Record<string, string>>)[key.replace(/^%(.+)%$/u, '$1')];
}

interface Setting {
  readonly scope: string;
  readonly markdownDescription: string;
  readonly order: number;
}

/** Every setting by its id, whatever group it stands in. */
export const SETTINGS: Readonly<Record<string, Setting>> = Object.assign(
  {},
  ...manifest.contributes.configuration.map(({ properties }) => properties),
) as Record<string, Setting>;
