import type { Duplex } from 'node:stream';
import { connect, type PeerCertificate } from 'node:tls';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { serialText } from '../../core/k3s/certificateFields';
import type { Handshakes, ShownCertificate } from '../../engine/ports';

const TIMEOUT_MS = 4_000;

/**
 * Says no name: K3s may add a name that clients ask for to its certificate. The certificate is what is looked at, so it is not
 * judged here. https://github.com/rancher/dynamiclistener
 */
export const handshakes: Handshakes = {
  certificate: (stream, signal) =>
    new Promise((resolve) => {
      const socket = connect({ socket: stream as Duplex, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
      const finish = (result: Result<ShownCertificate, Problem>): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        socket.destroy();
        stream.destroy();
        resolve(result);
      };
      const fail = (why: string): void => finish(err(problem('handshake-failed', 'No certificate was shown', { why })));
      const cancel = (): void => fail('cancelled');
      const timer = setTimeout(() => fail(`no answer within ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
      signal?.addEventListener('abort', cancel, { once: true });
      socket.once('secureConnect', () => {
        const shown = read(socket.getPeerCertificate());
        if (shown === undefined) fail('what was shown is no certificate that can be read');
        else finish(ok(shown));
      });
      socket.on('error', (error) => fail(error.message.split('\n')[0] ?? error.message));
      socket.once('close', () => fail('the connection was closed'));
      if (signal?.aborted === true) cancel();
    }),
};

function read({
  subjectaltname = '',
  serialNumber = '',
  valid_to: end,
}: Partial<PeerCertificate>): ShownCertificate | undefined {
  const ends = Date.parse(end ?? '');
  const names = subjectaltname.split(', ').flatMap((part) => /^(?:DNS|IP Address):(.+)$/.exec(part)?.[1] ?? []);
  return Number.isNaN(ends) ? undefined : { names, serial: serialText(serialNumber), ends };
}
