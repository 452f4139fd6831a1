/** Password of `ops`, who may sudo with it. It has a blank and a quote so that careless quoting shows. */
export const OPS_PASSWORD = "ops' pass 1";
/** Password of `plain`, who may not sudo at all. */
export const PLAIN_PASSWORD = 'plain pass 1';

/** root and auto log in with the key of the fleet; ops and plain with a password. auto has sudo without password. */
export type FleetUser = 'root' | 'auto' | 'ops' | 'plain';

/** Password of a user, undefined for those who have the key. */
export function passwordOf(user: FleetUser): string | undefined {
  return user === 'ops' ? OPS_PASSWORD : user === 'plain' ? PLAIN_PASSWORD : undefined;
}
