import { unsendableVariable } from './sendable';

/**
 * The environment of the install script as `NAME=value` lines. A plan has refused what {@link unsendableVariable} finds
 * wrong with it; what gets here all the same is a bug, and throws.
 */
export function environmentLines(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      const reason = unsendableVariable(name, value);
      if (reason !== undefined) throw new Error(`${JSON.stringify(name)} ${reason}`);
      return `${name}=${value}\n`;
    })
    .join('');
}
