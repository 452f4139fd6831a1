import { createHash } from 'node:crypto';
import { link, lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import type { Download, Downloads } from '../../engine/ports';
import { explainFileError, problemOf } from './fileProblem';
import { openPlainFile } from './plainFile';

/** A file in the making lies beside its place; nothing that is there already is ever written into or replaced. */
export const downloads: Downloads = {
  async begin(path) {
    const part = `${path}.part`;
    try {
      if ((await lstat(path).catch(() => undefined)) !== undefined)
        return err(
          problem('file-exists', `${path} is there already, and is not replaced`, {
            nextSteps: ['Choose another folder, or move that file away.'],
          }),
        );
      await mkdir(dirname(path), { recursive: true });
      await rm(part, { force: true });
      const file = await open(part, 'wx', 0o600);
      const hash = createHash('sha256');
      let size = 0;
      const made: Download = {
        path,
        async write(piece) {
          hash.update(piece);
          size += piece.length;
          await file.writeFile(piece);
        },
        state: () => ({ size, sha256: hash.copy().digest('hex') }),
        async keep() {
          try {
            await file.sync();
            await file.close();
            // Unlike a rename a link fails where something has come meanwhile.
            await link(part, path);
            return ok(undefined);
          } catch (error) {
            return err(problemOf(explainFileError(error, path, 'written')));
          } finally {
            await rm(part, { force: true });
          }
        },
        async drop() {
          await file.close();
          await rm(part, { force: true });
        },
      };
      return ok(made);
    } catch (error) {
      return err(problemOf(explainFileError(error, path, 'written')));
    }
  },
  async look(path) {
    const opened = await openPlainFile(path, 'read', { links: 'refuse', own: true });
    if (!opened.ok || opened.value === undefined) return undefined;
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const piece of opened.value.createReadStream({ autoClose: false })) {
        hash.update(piece as Buffer);
        size += (piece as Buffer).length;
      }
      return { size, sha256: hash.digest('hex') };
    } catch {
      return undefined;
    } finally {
      await opened.value.close();
    }
  },
};
