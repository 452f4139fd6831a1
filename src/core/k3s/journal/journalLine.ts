/** One line of K3s's journal, whichever of the programs inside K3s wrote it. */
export interface JournalLine {
  /** The message alone, on one line; of etcd the error that belongs to it, too. */
  readonly text: string;
  /** The program ends with this line, or asks for its end. */
  readonly last: boolean;
  /** It tells how a request of a client was answered, so it says nothing about this K3s. */
  readonly client: boolean;
}

/** klog's head: level, month and day, time, thread, source line. https://github.com/kubernetes/klog */
const KLOG = /^([IWEF])\d{4} [\d:.]+ +\d+ [^\]]+\] (.*)$/;

/** A closed connection to a node's tunnel is told as an answer to a client, but it is a fault of its own. */
const LOST_TUNNEL = /failed to find Session for client/;

/** Reads a line of K3s itself (logrus), of etcd (JSON, also cut short), of Kubernetes (klog) or of systemd. */
export function journalLine(line: string): JournalLine {
  if (/^\{?"level":"/.test(line)) {
    const [level, said, error] = ['level', 'msg', 'error'].map((key) => quoted(line, `"${key}":`));
    return {
      text: [said, error].filter((part) => part !== undefined && part !== '').join(': '),
      last: level === 'fatal' || level === 'panic',
      client: false,
    };
  }
  const klog = KLOG.exec(line);
  if (klog !== null) return { text: klog[2] ?? '', last: klog[1] === 'F', client: false };
  const level = /\blevel=(\w+)/.exec(line)?.[1];
  const text = level === undefined ? line.trim() : (quoted(line, 'msg=') ?? line.trim());
  return {
    text,
    last:
      level === 'fatal' ||
      level === 'panic' ||
      /^(?:Error|panic): /.test(text) ||
      (level === 'error' && text.startsWith('Shutdown request received: ')),
    client: text.startsWith('Sending HTTP/') && !LOST_TUNNEL.test(text),
  };
}

/** The quoted string behind `key`, unquoted; line ends in it become blanks. */
function quoted(line: string, key: string): string | undefined {
  const start = line.indexOf(`${key}"`);
  if (start < 0) return undefined;
  const text = /^(?:[^"\\]|\\.)*/.exec(line.slice(start + key.length + 1))?.[0] ?? '';
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' || char === 't' ? ' ' : char)).trim();
}
