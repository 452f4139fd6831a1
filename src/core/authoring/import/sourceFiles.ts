/** Files of a folder that are worth reading for an import. */
const WORTH_READING =
  /(?:^|[/\\])(?:(?!.*\.k3s\.ya?ml$)[^/\\]*\.(?:ya?ml|ini|cfg|sh|bash|ps1|tf|nix|bu|ign|mk|service|env|json|txt|md|conf)|hosts|inventory|(?:GNU)?[Mm]akefile|[Jj]ustfile|(?:Docker|Container|Vagrant)file|[^/\\.]*vars[/\\][^/\\.]+|user[-_]data)$/i;
/** Folders that hold something else, however large. */
const SKIPPED = /(?:^|[/\\])(?:node_modules|\.git|\.terraform|roles|collections|molecule|templates|tasks|handlers)$/;

/** Files of one import, and bytes of one file. */
export const MOST_FILES = 200;
export const LARGEST_FILE = 1_000_000;

/** Whether a file of a folder may say how a cluster is set up; files that a person names are read whatever they are called. */
export function isWorthReading(path: string): boolean {
  return WORTH_READING.test(path);
}

/** Whether a folder below the one that a person names is left out. */
export function isSkippedFolder(path: string): boolean {
  return SKIPPED.test(path);
}
