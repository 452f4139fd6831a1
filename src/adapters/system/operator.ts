import { hostname, userInfo } from 'node:os';

/** Who works on this machine, as other operators are told: `ada@laptop`. Always one line. */
export function operator(): string {
  let name = 'somebody';
  try {
    name = userInfo().username;
  } catch {
    // A user without an entry in the list of users has no name.
  }
  return `${name}@${hostname()}`.replaceAll(/\s+/g, ' ');
}
