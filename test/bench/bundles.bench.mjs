import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inRoot, vsixFile } from '../../scripts/lib/paths.mjs';

export const name = 'size of what is shipped';

const kilobytes = (bytes) => (bytes / 1000).toFixed(0);

export async function run() {
  const rows = readdirSync(inRoot('dist'))
    .sort()
    .map((file) => {
      const content = readFileSync(inRoot('dist', file));
      return {
        what: `dist/${file}`,
        value: kilobytes(content.length),
        unit: 'kB',
        note: `${kilobytes(gzipSync(content).length)} kB zipped`,
      };
    });
  if (existsSync(vsixFile()))
    rows.push({
      what: 'the package (.vsix)',
      value: kilobytes(statSync(vsixFile()).size),
      unit: 'kB',
      note: 'as last packed',
    });
  return rows;
}
