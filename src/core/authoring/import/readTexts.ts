import type { Reading, SourceText } from './installCommand';
import { withoutMarks } from './placeholder';
import { quotedList } from './quoted';
import { READERS } from './readers/registry';
import { forgetYaml } from './yamlText';
import { isTerraform, textsOfTerraform } from './terraformText';

/** Characters of one text, and of all texts together. */
const LONGEST = 1_000_000;
/** Blocks of code of one page. */
const MOST_BLOCKS = 300;

/** Why texts are too long to be imported, as a sentence; undefined when they are not. */
export function tooLong(sources: readonly SourceText[]): string | undefined {
  const length = sources.reduce((sum, { text }) => sum + text.length, 0);
  return length <= LONGEST
    ? undefined
    : `The text has ${(length / 1_000_000).toFixed(1)} million characters; one million is the most that is imported.`;
}

/** Everything in the texts that sets up K3s: each goes to the reader of its kind, and each reader reads all of its texts together. */
export function readTexts(sources: readonly SourceText[]): Reading {
  const notes: string[] = [];
  const texts = sources.flatMap((source) =>
    piecesOf({ ...source, text: withoutMarks(source.text).replace(/\r\n?/g, '\n') }, notes),
  );
  const claimed = new Map(READERS.map((reader) => [reader, [] as SourceText[]]));
  for (const text of texts) {
    const reader = READERS.find((each) => each.claims(text));
    if (reader !== undefined) claimed.get(reader)?.push(text);
  }
  const readings: Reading[] = [];
  for (const [reader, own] of claimed) {
    if (own.length === 0) continue;
    const reading = reader.read(own);
    if (reading !== undefined) readings.push(reading);
    else if (sources.length > 1 || texts.length > 1)
      notes.push(`Nothing that sets up K3s was found in ${quotedList(own.map(({ name, text }) => name ?? text))}.`);
  }
  forgetYaml();
  return together(readings, notes);
}

function together(readings: readonly Reading[], notes: readonly string[]): Reading {
  const balancer = readings.find((reading) => reading.balancer !== undefined)?.balancer;
  const registries = readings.find((reading) => reading.registries !== undefined)?.registries;
  const found = readings.length > 0;
  return {
    commands: readings.flatMap(({ commands }) => commands),
    notes: found ? [...notes, ...readings.flatMap((reading) => reading.notes)] : [],
    ...(balancer === undefined ? {} : { balancer }),
    ...(registries === undefined ? {} : { registries }),
  };
}

/** The texts that stand in one: blocks of a page in Markdown, documents of a YAML file, user data in Terraform. */
function piecesOf(source: SourceText, notes: string[]): readonly SourceText[] {
  const { text } = source;
  if (isTerraform(source)) {
    const { texts, rest } = textsOfTerraform(source);
    if (texts.length > 0)
      notes.push(
        `Terraform creates machines; K3s HA works on machines that are there. Not taken over: ${quotedList([rest])}.`,
      );
    return texts;
  }
  const fences = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm)];
  if (fences.length > 0) {
    if (fences.length > MOST_BLOCKS)
      notes.push(
        `The page has ${fences.length} blocks of code, and ${MOST_BLOCKS} are the most: the others were not read.`,
      );
    const read = fences.slice(0, MOST_BLOCKS);
    const ends = read.map(({ index, 0: block }) => index + block.length);
    const words = read.map(({ index }, i) => text.slice(ends[i - 1] ?? 0, index));
    const outside = [...words, text.slice(ends.at(-1) ?? 0)].join('\n').trim();
    if (outside !== '')
      notes.push(`Only the blocks of code were read; the text around them was not: ${quotedList([outside])}.`);
    return read.flatMap((match, i) => documentsOf({ ...source, text: withTitle(match[2] ?? '', words[i] ?? '') }));
  }
  return documentsOf(source);
}

/** A block below the last line in front of it, which often says what it is for. A comment of its own says that better. */
function withTitle(block: string, words: string): string {
  const title = words.trim().split('\n').at(-1)?.trim() ?? '';
  return title === '' || title.length > 200 || /^\s*(?:#|\{|variant:)/.test(block)
    ? block
    : `# ${title.replace(/^[#>*\s-]+|[*_`]+/g, '')}\n${block}`;
}

/** Documents of YAML; a text with here-documents, where the line may stand as well, is one. */
function documentsOf(source: SourceText): readonly SourceText[] {
  const { text } = source;
  if (!/^---[ \t]*(?:#.*)?$/m.test(text) || /<<-?\s*["']?\w/.test(text)) return [source];
  return text
    .split(/^---[ \t]*(?:#.*)?$/m)
    .filter((each) => each.trim() !== '')
    .map((each) => ({ ...source, text: each }));
}
