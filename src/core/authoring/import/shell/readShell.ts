import type { Reading, SourceText } from '../installCommand';
import type { Device } from '../k3supCommand';
import { textParts } from '../mixedText';
import { quotedList } from '../quoted';
import { CONFIG_PATH } from '../../../k3s/paths';
import { InstallRun } from './installRun';
import { shellText } from './shellText';

/** What commands say that may stand among words and configurations; undefined when none sets up K3s. */
export function readShell({ name, text }: SourceText, devices: readonly Device[] = []): Reading | undefined {
  const run = new InstallRun(devices);
  for (const part of textParts(shellText(text))) {
    if (part.kind === 'config') run.file(CONFIG_PATH, part.text);
    else run.shell(part.text);
  }
  const reading = run.finish();
  if (reading.commands.length === 0 && reading.registries === undefined && !run.foundSome) return undefined;
  return { ...reading, notes: [...reading.notes, ...leftNote(run.left, name)] };
}

/** What a note says about parts that set up nothing. */
export function leftNote(left: readonly string[], name?: string): readonly string[] {
  return left.length === 0
    ? []
    : [
        `Not taken over, because it sets up nothing of the cluster${name === undefined ? '' : ` (${name})`}: ${quotedList(left)}.`,
      ];
}

/** Readings of texts of one kind, one after the other; undefined when none says anything. */
export function readingsTogether(readings: readonly Reading[]): Reading | undefined {
  const [first] = readings;
  if (first === undefined) return undefined;
  const balancer = readings.find((reading) => reading.balancer !== undefined)?.balancer;
  const registries = readings.find((reading) => reading.registries !== undefined)?.registries;
  return {
    commands: readings.flatMap(({ commands }) => commands),
    notes: readings.flatMap(({ notes }) => notes),
    ...(balancer === undefined ? {} : { balancer }),
    ...(registries === undefined ? {} : { registries }),
  };
}

/** A word as a shell writes it, for texts that hand commands on in other forms. */
export function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
