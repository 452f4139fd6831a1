import { err, ok, type Result } from '../core/base/result';

/** Which programs `--allow-programs` options let run on this computer for one command. */
export type ProgramAllowances = (name: string, sha256: string) => boolean;

export const NO_PROGRAMS: ProgramAllowances = () => false;

/** Reads `--allow-programs PATH=SHA256` options: PATH as the cluster file writes it. The error is a sentence. */
export function parseProgramAllowances(options: readonly string[]): Result<ProgramAllowances, string> {
  const allowed = new Set<string>();
  for (const option of options) {
    const [, name, hash] = /^(.+)=([0-9a-fA-F]{64})$/.exec(option) ?? [];
    if (name === undefined || hash === undefined)
      return err(`--allow-programs needs PATH=SHA256, the sha256 in 64 hexadecimal digits; "${option}" is not that.`);
    allowed.add(JSON.stringify([name, hash.toLowerCase()]));
  }
  return ok((name, sha256) => allowed.has(JSON.stringify([name, sha256])));
}
