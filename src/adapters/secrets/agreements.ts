import type { AgreementRecord, Agreements, Files } from '../../engine/ports';

const PRIVATE = 0o600;
const NOTHING: AgreementRecord = { given: [], hostKeys: {} };

/** Agreements in a file of their own at `path`, in the state folder of this program and never in a workspace. One that cannot be understood counts as empty: the person is asked again. */
export function fileAgreements(files: Files, path: string): Agreements {
  const read = async (): Promise<AgreementRecord> => parse(await files.read(path));
  return {
    read,
    update: (change) =>
      files.withLock(path, async () =>
        files.writeAtomic(path, `${JSON.stringify({ version: 1, ...change(await read()) }, undefined, 2)}\n`, PRIVATE),
      ),
  };
}

function parse(text: string | undefined): AgreementRecord {
  try {
    const { version, given, hostKeys } = JSON.parse(text ?? '{}') as {
      version?: unknown;
      given?: unknown;
      hostKeys?: unknown;
    };
    if (version !== 1 || !Array.isArray(given) || typeof hostKeys !== 'object' || hostKeys === null) return NOTHING;
    return {
      given: given.filter((id) => typeof id === 'string'),
      hostKeys: Object.fromEntries(
        Object.entries(hostKeys).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    };
  } catch {
    return NOTHING;
  }
}
