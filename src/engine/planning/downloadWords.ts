import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';

/** Tells how far a download is: ten times for each, or every ten megabytes where its size is not known. */
export function inWords(
  what: string,
  tell: (message: string) => void,
): (bytes: number, size: number | undefined) => void {
  let told = -1;
  return (bytes, size) => {
    const part = Math.floor(bytes / (size === undefined ? 10e6 : size / 10));
    if (part === told) return;
    told = part;
    tell(say`downloading ${what}: ${megabytes(bytes)}${size === undefined ? '' : say` of ${megabytes(size)}`}`);
  };
}
