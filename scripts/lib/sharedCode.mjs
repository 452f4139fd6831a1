import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Options of esbuild for several CommonJS bundles, and `shared.js`, `shared2.js` … with what more than one of them need.
 * esbuild shares code between ES modules only (https://esbuild.github.io/api/#splitting), so that is what it makes first.
 */
export function sharedCode(options) {
  return {
    ...options,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    sourcemap: options.sourcemap ? 'inline' : false,
    write: false,
    plugins: [...options.plugins, asCommonJs(options)],
  };
}

const asCommonJs = ({ format, minify, platform, sourcemap, target }) => ({
  name: 'ES modules to CommonJS',
  setup(build) {
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      const named = shortNames(outputFiles);
      metafile.outputs = JSON.parse(named(JSON.stringify(metafile.outputs)));
      for (const { path: hashed, text: written } of outputFiles) {
        const [file, text] = [named(hashed), named(written)];
        const name = path.basename(file);
        const { code, map } = await esbuild.transform(text, {
          format,
          minify,
          platform,
          target,
          sourcemap: sourcemap ? 'external' : false,
          sourcesContent: false,
          sourcefile: name,
        });
        const finished = sourcemap ? `${code}//# sourceMappingURL=${name}.map\n` : code;
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, finished);
        if (sourcemap) await writeFile(`${file}.map`, map);
        metafile.outputs[path.relative(process.cwd(), file)].bytes = Buffer.byteLength(finished);
      }
    });
  },
});

/** Shared code by size, not by hash: `shared.js` is the largest. */
function shortNames(outputFiles) {
  const hashes = outputFiles
    .map(({ path: file, text }) => ({ name: /shared-[A-Z0-9]{8}(?=\.js$)/.exec(file)?.[0], size: text.length }))
    .filter(({ name }) => name !== undefined)
    .sort((a, b) => b.size - a.size)
    .map(({ name }) => name);
  return (text) => hashes.reduce((all, hash, i) => all.replaceAll(hash, i === 0 ? 'shared' : `shared${i + 1}`), text);
}
