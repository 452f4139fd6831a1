/** What may be a terminal. */
export type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/** Fewer columns leave no room for words. */
const NARROWEST = 40;

/**
 * Colors are for terminals that can show them; `NO_COLOR` takes them away and `FORCE_COLOR` brings them anywhere, as in
 * every program of Node. https://no-color.org https://nodejs.org/api/tty.html#writestreamgetcolordepthenv
 */
export function showsColor({ isTTY }: Stream, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = env;
  if (force !== undefined) return force !== '0' && force.toLowerCase() !== 'false';
  return isTTY === true && (none === undefined || none === '') && term !== 'dumb';
}

/** Columns of a terminal; undefined where the output goes elsewhere, whose lines are not ours to break. */
export function terminalWidth({ isTTY, columns }: Stream): number | undefined {
  return isTTY === true && columns > 0 ? Math.max(NARROWEST, columns) : undefined;
}
