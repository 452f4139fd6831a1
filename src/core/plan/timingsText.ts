import { say } from '../base/say';
import type { HostTime, Timings } from './timings';

/** Hosts that the chart shows: more would not help anybody to see what set the pace. */
const MOST_HOSTS = 24;
const CHART_COLUMNS = 60;
/** A wait that is worth a word. */
const LONG_WAIT_MS = 100;

/** Where the time of a run went, as lines for a terminal. */
export function timingsText(timings: Timings): readonly string[] {
  const { totalMs, beforeMs, stepsMs, afterMs, boundMs } = timings;
  const times =
    boundMs > 0
      ? say`, ${(stepsMs / boundMs).toFixed(2)} times the ${seconds(boundMs).trim()} that the hosts needed`
      : '';
  return [
    say`Where the time went`,
    say`${seconds(beforeMs)}  lease, and a last look at the hosts`,
    `${seconds(stepsMs)}  steps${times}`,
    say`${seconds(afterMs)}  a look whether all is as the file says`,
    say`${seconds(totalMs)}  in all`,
    '',
    ...paceLines(timings),
    '',
    ...chartLines(timings),
  ];
}

function paceLines({ pace }: Timings): readonly string[] {
  const width = Math.max(0, ...pace.map(({ step }) => step.about.length));
  return [
    say`What set the pace (begins at, took)`,
    ...pace.map(({ step, beginMs, endMs, heldMs }) => {
      const held = heldMs > LONG_WAIT_MS ? say`, after ${seconds(heldMs).trim()} until others had made way` : '';
      return `${seconds(beginMs)}  ${seconds(endMs - beginMs)}  ${step.about.padEnd(width)}  ${step.says.title}${held}`;
    }),
  ];
}

/** A bar a host: when its steps ran. */
function chartLines({ hosts, pace, stepsMs }: Timings): readonly string[] {
  const onPace = new Set(pace.map(({ step }) => step.about));
  const others = hosts.filter(({ host }) => !onPace.has(host));
  const shown = [...hosts.filter(({ host }) => onPace.has(host)), ...others].slice(0, MOST_HOSTS);
  const width = Math.max(0, ...shown.map(({ host }) => host.length));
  const left = hosts.length - shown.length;
  return [
    say`When each host was worked on (one column is ${seconds(stepsMs / CHART_COLUMNS).trim()})`,
    ...shown.map((time) => `${time.host.padEnd(width)}  |${bar(time, stepsMs)}|`),
    ...(left > 0
      ? [
          say`and ${left} more, which ended ${seconds(lastEnd(hosts.filter((one) => !shown.includes(one)))).trim()} after the begin`,
        ]
      : []),
  ];
}

function bar({ spans }: HostTime, wholeMs: number): string {
  const columnMs = Math.max(1, wholeMs) / CHART_COLUMNS;
  return Array.from({ length: CHART_COLUMNS }, (_, column) => {
    const [from, to] = [column * columnMs, (column + 1) * columnMs];
    return spans.some(({ beginMs, endMs }) => beginMs < to && endMs > from) ? '#' : ' ';
  }).join('');
}

function lastEnd(hosts: readonly HostTime[]): number {
  return Math.max(0, ...hosts.flatMap(({ spans }) => spans.map(({ endMs }) => endMs)));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
