import type { Problem } from '../../src/core/base/problem';
import { ok, type Result } from '../../src/core/base/result';
import type { Handshakes, RemoteHosts, ShownCertificate } from '../../src/engine/ports';

/** A stream that stands for what the server at its end shows. */
interface ShowingStream {
  readonly shown: Result<ShownCertificate, Problem>;
  destroy(): void;
}

/** Hosts whose API shows what a test says; `turn` counts the looks at a host from 0. A problem is one of the way there. */
export function showing<H extends RemoteHosts>(
  hosts: H,
  shows: (host: string, turn: number) => Result<ShownCertificate, Problem>,
): H {
  const turns = new Map<string, number>();
  return {
    ...hosts,
    openTunnel: async ({ id }) => {
      const turn = turns.get(id) ?? 0;
      turns.set(id, turn + 1);
      const shown = shows(id, turn);
      return shown.ok ? ok({ shown, destroy: () => undefined } satisfies ShowingStream) : shown;
    },
  };
}

/** Handshakes with {@link showing} hosts. */
export const SHOWN: Handshakes = {
  certificate: async (stream) => (stream as ShowingStream).shown,
};
