import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'language features';

const SIZES = [
  [50, 8],
  [500, 158],
  [5000, 1658],
];

/** As after a keystroke: every call gets a text that it has not seen. The ratio compares with only parsing the same text. */
export async function run() {
  const { validate, complete, hover, parseDocument, yaml } = await fromSource('language', `
    export { validate } from './src/core/language/validate';
    export { complete } from './src/core/language/complete';
    export { hover } from './src/core/language/hover';
    export { parseDocument } from './src/core/document/parse';
    export * as yaml from 'yaml';`);
  const rows = [];
  const add = (what, { p50, p95, runs }, note = '') => rows.push({ what, value: p50.toFixed(2), unit: 'ms', note: `p95 ${p95.toFixed(2)} of ${runs}${note}` });
  for (const [lines, agents] of SIZES) {
    const text = clusterText(agents);
    const runs = lines > 1000 ? 15 : 40;
    const parse = await sample((i) => yaml.parseDocument(`${text}# ${i}\n`), runs);
    const check = await sample((i) => validate(`${text}# ${i}\n`), runs);
    add(`diagnostics, ${lines} lines`, check, `, ${(check.p50 / parse.p50).toFixed(1)} times yaml.parseDocument`);
    const at = text.indexOf('  nodes:\n');
    const half = `${text.slice(0, at)}    \n${text.slice(at)}`;
    add(`completion, ${lines} lines`, await sample((i) => complete(`${half}# ${i}\n`, at + 4), runs));
    const document = parseDocument(text);
    add(`hover, ${lines} lines`, await sample(() => hover(document, text.indexOf('tls-san') + 2), runs));
  }
  const merged = clusterText(1000, { merge: true });
  add('diagnostics, 1000 hosts with merge keys', await sample((i) => validate(`${merged}# ${i}\n`), 10));
  return rows;
}
