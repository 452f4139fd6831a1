import { say } from '../core/base/say';
import { groupBy } from '../core/base/group';
import { paragraphs, plainMarkdown, type Markdown } from '../core/base/markdown';
import { oncePer } from '../core/base/remember';
import { count } from '../core/base/words';
import type { CertificateMark } from '../core/health/certificateMarks';
import type { Finding } from '../core/rules/rule';
import type { StateColor } from './headline';

/** Findings of a check of the machines by the machine; the same lists for the same findings. */
export const findingsByMachine: (findings: readonly Finding[]) => ReadonlyMap<string, readonly Finding[]> = oncePer(
  (findings) => groupBy(findings, ({ data }) => data?.['machine'] ?? ''),
);

/** What of a row says how a machine is. */
interface MachineRow {
  readonly description: string;
  readonly spoken?: string;
  readonly tooltip: Markdown;
  readonly icon: string;
  readonly color?: StateColor;
}

/** The row of a machine with how long its certificates last: always in the tooltip, in the row when that is not long. */
export function withCertificates<R extends MachineRow>(row: R, mark: CertificateMark | undefined): R {
  if (mark === undefined) return row;
  const tooltip = paragraphs([row.tooltip, plainMarkdown(`${mark.words[0]?.toUpperCase()}${mark.words.slice(1)}`)]);
  if (mark.age === 'fine') return { ...row, tooltip };
  const description = isWell(row)
    ? mark.age === 'ended'
      ? say`certificates ended`
      : say`certificates end`
    : row.description;
  const color = mark.age === 'ended' ? 'bad' : row.color === 'good' || row.color === undefined ? 'warning' : row.color;
  return { ...row, tooltip, description, spoken: spokenWith(row, mark.words), color };
}

/** The row of a machine with what a check has found there; a sign of its own only as long as nothing runs there. */
export function withHostMarks<R extends MachineRow>(row: R, findings: readonly Finding[] | undefined): R {
  if (findings === undefined) return row;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const tooltip = paragraphs([row.tooltip, ...findings.map(({ message }) => plainMarkdown(message))]);
  if (errors + warnings === 0) return { ...row, tooltip };
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  const description = isWell(row) ? (found[0] ?? '') : row.description;
  const spoken = spokenWith(row, say`${found.join(', ')} of the check`);
  return row.icon === 'vm-outline'
    ? {
        ...row,
        tooltip,
        description,
        spoken,
        icon: errors > 0 ? 'error' : 'warning',
        color: errors > 0 ? 'bad' : 'warning',
      }
    : { ...row, tooltip, description, spoken };
}

/** A row has room for one thing, and what is wrong with the node itself comes first. */
function isWell({ color, icon }: MachineRow): boolean {
  return color === 'good' || icon === 'vm-outline';
}

function spokenWith({ description, spoken = description }: MachineRow, words: string): string {
  return [spoken, words].filter((part) => part !== '').join(' · ');
}
