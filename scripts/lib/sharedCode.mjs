import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Options of esbuild for two CommonJS bundles and a third one, `shared.js`, with what both need. esbuild shares code between
 * ES modules only (https://esbuild.github.io/api/#splitting), so that is what it makes first.
 */
export function sharedCode(options) {
  return {
    ...options,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared',
    sourcemap: options.sourcemap ? 'inline' : false,
    write: false,
    plugins: [...options.plugins, asCommonJs(options)],
  };
}

const asCommonJs = ({ format, minify, platform, sourcemap, target }) => ({
  name: 'ES modules to CommonJS',
  setup(build) {
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      for (const { path: file, text } of outputFiles) {
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
        const written = sourcemap ? `${code}//# sourceMappingURL=${name}.map\n` : code;
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, written);
        if (sourcemap) await writeFile(`${file}.map`, map);
        metafile.outputs[path.relative(process.cwd(), file)].bytes = Buffer.byteLength(written);
      }
    });
  },
});
