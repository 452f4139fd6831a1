import type { InstallScripts } from '../../engine/ports';
import type { NamedFolders } from '../files/namedFile';
import { readScriptFile } from '../files/scriptFile';
import { downloadScript } from '../http/downloadScript';

/** Nobody waits longer for a network that does not answer at all. */
const ANSWER_MS = 5_000;
const WHOLE_MS = 20_000;

/** The install scripts of one cluster file. */
export function createInstallScripts(folders: NamedFolders): InstallScripts {
  return {
    fetch: (url, options) =>
      downloadScript(url, { ...options, answerMs: ANSWER_MS, wholeMs: WHOLE_MS, fetch: globalThis.fetch }),
    read: (path) => readScriptFile(path, folders),
  };
}
