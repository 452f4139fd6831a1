import { err, ok, type Result } from '../../base/result';
import type { SeenLogin } from './seenCluster';

/** Host and login as people write them for ssh: `host`, `user@host`, `user@host:port`. The error is a sentence. */
export function readLogin(text: string): Result<{ readonly host: string; readonly login: SeenLogin }, string> {
  const [, user, six, name, port] =
    /^(?:([^\s@:]+)@)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*))(?::(\d{1,5}))?$/.exec(
      text.trim(),
    ) ?? [];
  const host = six ?? name;
  if (host === undefined) return err('Write a host as ssh would reach it: host, user@host or user@host:port.');
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > 65_535)) return err('A port is a number from 1 to 65535.');
  return ok({
    host,
    login: { ...(user === undefined ? {} : { user }), ...(number === undefined ? {} : { port: number }) },
  });
}
