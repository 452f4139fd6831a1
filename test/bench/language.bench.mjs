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

/**
 * As after a keystroke: every call gets a text that it has not seen. Ratios compare with only parsing the same text, and with
 * yaml-language-server on the same schema and text in the same run.
 */
export async function run() {
  const { validate, complete, hover, parseDocument, yaml } = await fromSource('language', `
    export { validate } from './src/core/language/validate';
    export { complete } from './src/core/language/complete';
    export { hover } from './src/core/language/hover';
    export { parseDocument } from './src/core/document/parse';
    export * as yaml from 'yaml';`);
  const rows = [];
  const add = (what, { p50, p95, runs }, note = '') => rows.push({ what, value: p50.toFixed(2), unit: 'ms', note: `p95 ${p95.toFixed(2)} of ${runs}${note}` });
  const other = yamlLanguageServer();
  /** One of our features beside the same feature of the other server, which gets few runs where it takes seconds. */
  const compare = async (feature, lines, ours, theirs, more = '') => {
    const reference = await sample(theirs, lines > 1000 ? 3 : 15);
    const target = TARGETS[feature][lines];
    const met = target === undefined ? '' : `, target ${target}${ours.p95 <= target ? ' met' : ' missed'}`;
    add(`${feature}, ${lines} lines`, ours, `${met}; yaml-language-server ${reference.p50.toFixed(0)} ms, ${(reference.p50 / ours.p50).toFixed(1)} times as long${more}`);
  };
  for (const [lines, agents] of SIZES) {
    const text = clusterText(agents);
    const runs = lines > 1000 ? 15 : 40;
    const parse = await sample((i) => yaml.parseDocument(`${text}# ${i}\n`), runs);
    const check = await sample((i) => validate(`${text}# ${i}\n`), runs);
    await compare('diagnostics', lines, check, (i) => other.validate(`${text}# ${i}\n`), `; ${(check.p50 / parse.p50).toFixed(1)} times yaml.parseDocument`);
    const at = text.indexOf('  nodes:\n');
    const half = `${text.slice(0, at)}    \n${text.slice(at)}`;
    await compare('completion', lines, await sample((i) => complete(`${half}# ${i}\n`, at + 4), runs), (i) => other.complete(`${half}# ${i}\n`, at + 4));
    const document = parseDocument(text);
    await compare('hover', lines, await sample(() => hover(document, text.indexOf('tls-san') + 2), runs), (i) => other.hover(`${text}# ${i}\n`, text.indexOf('tls-san') + 2));
  }
  const merged = clusterText(1000, { merge: true });
  add('diagnostics, 1000 hosts with merge keys', await sample((i) => validate(`${merged}# ${i}\n`), 10));
  return rows;
}
