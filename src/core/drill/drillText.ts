import { say } from '../base/say';
import { cellMarkdown, md, type Markdown } from '../base/markdown';
import { count, listed } from '../base/words';
import { seconds, type DrilledPart, type DrillReport, type Seen } from './drillReport';

/** A report as Markdown, for a change ticket. */
export function drillText(report: DrillReport): string {
  const { cluster, began, ended, address, everyMs, watchedSeconds, simulated, result, surprises, parts } = report;
  const lines: readonly Markdown[] = [
    md`# Failover drill of ${plain(cluster)}`,
    md``,
    md`From ${plain(began)} to ${plain(ended)}. The API was asked at ${plain(address)} every ${everyMs} ms, each time over a new connection; each part was away for ${watchedSeconds} s and as long as it took to come back.`,
    ...(simulated ? [md``, md`**These machines are simulated.** Times say nothing about real ones.`] : []),
    md``,
    plain(verdict(report)),
    ...surprises.map((words) => md`- ${plain(words)}`),
    md``,
    md`| Taken away | API: longest gap | Failed requests | Cluster DNS | Voting members | Pods that moved | As predicted |`,
    md`| --- | --- | --- | --- | --- | --- | --- |`,
    ...parts.map(row),
    ...parts.flatMap(detail),
    ...(result !== 'done' && parts.some(({ taken }) => !taken)
      ? [md``, md`What was not taken away any more is marked with a dash.`]
      : []),
  ];
  return `${lines.map(({ markdown }) => markdown).join('\n')}\n`;
}

function verdict({ result, parts }: DrillReport): string {
  const taken = parts.filter((part) => part.taken);
  const differ = taken.filter(({ differences }) => differences.length > 0);
  if (result === 'cancelled') return say`It was cancelled; what had been taken away was brought back.`;
  if (result === 'failed') return say`It ended at the first surprise; what had been taken away was brought back:`;
  if (taken.length === 1)
    return differ.length === 0
      ? say`The failure went as the diagram had predicted.`
      : say`The failure did not go as the diagram had predicted.`;
  return differ.length === 0
    ? say`All ${count(taken.length, 'failure')} went as the diagram had predicted.`
    : say`${differ.length} of ${count(taken.length, 'failure')} did not go as the diagram had predicted.`;
}

/** Read as it is written, too: in a terminal, in a ticket. */
function plain(text: string): Markdown {
  return { markdown: cellMarkdown(text) };
}

function row({ words, taken, seen, differences }: DrilledPart): Markdown {
  if (!taken || seen === undefined) return md`| ${plain(words)} | – | – | – | – | – | – |`;
  const quorum = seen.quorum === undefined ? '–' : say`${seen.quorum.alive} of ${seen.quorum.members}`;
  const cells = [
    words,
    seconds(seen.api.longestMs),
    say`${seen.api.failed} of ${seen.api.asked}`,
    dnsWords(seen),
    quorum,
    seen.moved === undefined ? '–' : String(seen.moved.length),
    differences.length === 0 ? say`yes` : say`no`,
  ];
  return { markdown: `| ${cells.map(cellMarkdown).join(' | ')} |` };
}

function dnsWords({ dns }: Seen): string {
  if (dns === undefined) return '–';
  return 'notAsked' in dns ? say`not asked` : say`${seconds(dns.longestMs)}, ${dns.failed} of ${dns.asked}`;
}

function detail({ words, taken, predicted, seen, differences }: DrilledPart): readonly Markdown[] {
  if (!taken || seen === undefined) return [];
  const { api, quorum, stops } = predicted;
  const expected = [
    api.reason,
    ...(quorum === undefined
      ? []
      : [say`${quorum.alive} of ${quorum.members} voting members left, ${quorum.needed} needed.`]),
    ...(stops === undefined ? [] : [stops.length === 0 ? say`No workload stops.` : say`These stop: ${listed(stops)}.`]),
  ];
  const found = say`${seen.api.failed} of ${seen.api.asked} requests failed, the longest gap was ${seconds(seen.api.longestMs)}; back after ${seconds(seen.awayMs)}.`;
  return [
    md``,
    md`## ${plain(words)}`,
    md``,
    md`- Predicted: ${plain(expected.join(' '))}`,
    md`- Seen: ${plain(found)}`,
    ...(seen.dns !== undefined && 'notAsked' in seen.dns
      ? [md`- The cluster DNS was not asked from a pod: ${plain(seen.dns.notAsked)}.`]
      : []),
    ...(seen.moved !== undefined && seen.moved.length > 0
      ? [md`- Pods that moved: ${plain(listed(seen.moved))}.`]
      : []),
    ...(seen.stopped !== undefined && seen.stopped.length > 0
      ? [md`- Nothing was Ready of: ${plain(listed(seen.stopped))}.`]
      : []),
    ...differences.map((difference) => md`- **Not as predicted**: ${plain(difference)}`),
  ];
}
