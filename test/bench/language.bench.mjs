import { yamlLanguageServer } from './yamlLanguageServer.mjs';
import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'language features';

const SIZES = [
  [50, 8],
  [500, 158],
  [5000, 1658],
];

/** Targets on an idle machine, p95 in milliseconds, by number of lines. */
const TARGETS = { diagnostics: { 500: 16, 5000: 80 }, completion: { 500: 20, 5000: 100 }, hover: { 500: 2, 5000: 2 } };
const MERGE_TARGET_MS = 150;

/** Somebody types: each state of a file has one character more than the last one, somewhere in it. */
function typist(text, parseDocument) {
  const lines = text.split('\n');
  let document = parseDocument(text);
  let at = 0;
  return {
    /** The next state as it comes from the editor, with the state before. */
    next() {
      at = (at + Math.floor(lines.length * 0.618) + 1) % lines.length;
      const line = lines.findIndex((candidate, index) => index >= at && / name: /.test(candidate));
      const typed = line < 0 ? lines.findIndex((candidate) => / name: /.test(candidate)) : line;
      lines[typed] += 'x';
      return { text: lines.join('\n'), before: document };
    },
    keep: (next) => (document = next),
  };
}

/**
 * As after a keystroke: every call gets a text that it has not seen, and we get the state before it, as in the editor. Ratios
 * compare with only parsing the same text, and with yaml-language-server on the same schema and texts in the same run.
 */
export async function run() {
  const { validate, complete, hover, parseDocument, yaml } = await fromSource(
    'language',
    `
    export { validate } from './src/core/language/validate';
    export { complete } from './src/core/language/complete';
    export { hover } from './src/core/language/hover';
    export { parseDocument } from './src/core/document/parse';
    export * as yaml from 'yaml';`,
  );
  const rows = [];
  const add = (what, { p50, p95, runs }, note = '') =>
    rows.push({ what, value: p50.toFixed(2), unit: 'ms', note: `p95 ${p95.toFixed(2)} of ${runs}${note}` });
  const verdict = (sampled, target) =>
    target === undefined ? '' : `, target ${target}${sampled.p95 <= target ? ' met' : ' missed'}`;
  const other = yamlLanguageServer();
  /** One of our features beside the same feature of the other server, which gets few runs where it takes seconds. */
  const compare = async (feature, lines, ours, theirs, more = '') => {
    const reference = await sample(theirs, lines > 1000 ? 3 : 15);
    add(
      `${feature}, ${lines} lines`,
      ours,
      `${verdict(ours, TARGETS[feature][lines])}; yaml-language-server ${reference.p50.toFixed(0)} ms, ${(reference.p50 / ours.p50).toFixed(1)} times as long${more}`,
    );
  };
  const keystroke = (typing, what, runs) =>
    sample(() => {
      const { text, before } = typing.next();
      const document = parseDocument(text, before);
      what(document);
      typing.keep(document);
    }, runs);
  for (const [lines, agents] of SIZES) {
    const text = clusterText(agents);
    const runs = lines > 1000 ? 40 : 60;
    const parse = await sample((i) => yaml.parseDocument(`${text}# ${i}\n`), 15);
    const opened = await sample((i) => validate(`${text}# ${i}\n`), 15);
    add(
      `diagnostics when opened, ${lines} lines`,
      opened,
      `; ${(opened.p50 / parse.p50).toFixed(1)} times yaml.parseDocument`,
    );
    const check = await keystroke(typist(text, parseDocument), validate, runs);
    await compare('diagnostics', lines, check, (i) => other.validate(`${text}# ${i}\n`));
    const at = text.indexOf('  nodes:\n');
    const half = `${text.slice(0, at)}    \n${text.slice(at)}`;
    const asked = await keystroke(
      typist(half, parseDocument),
      (document) => complete(document.text, at + 4, { document }),
      runs,
    );
    await compare('completion', lines, asked, (i) => other.complete(`${half}# ${i}\n`, at + 4));
    const document = parseDocument(text);
    await compare('hover', lines, await sample(() => hover(document, text.indexOf('tls-san') + 2), runs), (i) =>
      other.hover(`${text}# ${i}\n`, text.indexOf('tls-san') + 2),
    );
  }
  const merged = clusterText(1000, { merge: true });
  const cold = await sample((i) => validate(`${merged}# ${i}\n`), 15);
  add('diagnostics when opened, 1000 hosts with merge keys', cold, verdict(cold, MERGE_TARGET_MS));
  add('diagnostics, 1000 hosts with merge keys', await keystroke(typist(merged, parseDocument), validate, 40));
  return rows;
}
