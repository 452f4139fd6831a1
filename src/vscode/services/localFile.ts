import { say } from '../../core/base/say';
import type { Uri } from 'vscode';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';

const CHECKED: unique symbol = Symbol('on disk');

/**
 * A cluster file on the disk of the computer where the extension runs. {@link localFile} alone makes one, so that
 * whatever uses keys, secrets or files beside the cluster file has asked where that file is.
 */
export interface LocalFile {
  readonly uri: Uri;
  /** Absolute path in the words of the system. */
  readonly path: string;
  readonly [CHECKED]: true;
}

/**
 * The file on disk behind `uri`. A virtual file system (vscode-vfs: of GitHub, git: of a comparison, an archive) has
 * paths too, and they name other files when they are read as paths of this disk. `purpose` begins a sentence: "Planning".
 * In a remote window the extension runs on the remote machine, and its files are file: there.
 * https://code.visualstudio.com/api/extension-guides/virtual-workspaces
 */
export function localFile(uri: Uri, purpose: string): Result<LocalFile, Problem> {
  if (uri.scheme === 'file') return ok({ uri, path: uri.fsPath, [CHECKED]: true });
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const why = say`${purpose} uses the keys, secrets and files that belong to a cluster file on disk`;
  if (uri.scheme === 'untitled')
    return err(
      problem('file-not-on-disk', say`${name} is not saved yet`, {
        why,
        nextSteps: [say`Save the file, then try again.`],
      }),
    );
  return err(
    problem(
      'file-not-on-disk',
      say`${name} is not on this computer's disk but in a virtual workspace (${uri.scheme}:), so no machine is contacted`,
      {
        why,
        nextSteps: [say`Open the folder from disk, for example a clone of its repository, and try again there.`],
      },
    ),
  );
}
