import { say } from '../base/say';
import { certificateAge, endWords, firstToEnd, type CertificateAge, type CertificateFile } from '../k3s/certificates';
import type { MachineId } from '../plan/step';

/** What views say of the certificates of a machine, as of the last look at it. */
export interface CertificateMark {
  readonly age: CertificateAge;
  /** `certificates until 2027-11-12`, `certificates ended since 2026-11-20` */
  readonly words: string;
  /** End of the first one, milliseconds since 1970. */
  readonly ends: number;
}

/** Marks of the machines that tell certificates, by the time of the look. */
export function certificateMarks(
  seen: Iterable<readonly [MachineId, readonly CertificateFile[]]>,
  now: number,
): ReadonlyMap<MachineId, CertificateMark> {
  return new Map(
    [...seen].flatMap(([id, certificates]) => {
      const ends = firstToEnd(certificates)?.ends;
      if (ends === undefined) return [];
      const age = certificateAge(ends, now);
      const words = say`certificates ${age === 'ended' ? say`ended ` : ''}${endWords(ends, now)}`;
      return [[id, { age, words, ends }] as const];
    }),
  );
}
