import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import { placeFile as place, uploadFile } from '../../core/remote/upload';
import { defineStep, ended } from './step';

interface PlacedFile {
  readonly path: string;
  readonly mode: string;
  /** Bytes, of a file that takes a while. */
  readonly size?: number;
}

/** Puts a file of this machine on a host; what was not there yet may be taken away again when nobody wants it any more. */
export const placeFile = defineStep<PlacedFile>({
  kind: 'place-file',
  phase: 'stage',
  estimateMs: 200,
  says: ({ path, mode, size }) => ({
    title: `Write ${path} (${mode}${size === undefined ? '' : `, ${megabytes(size)}`})`,
    doing: say`writing files`,
    counted: say`write files on`,
  }),
  subject: ({ path }) => path,
  run: async ({ path }, at) => {
    const file = at.content(at.machine.id).files.find(({ to }) => to === path);
    if (file === undefined) throw new Error(`the plan writes ${path}, which nobody wants`);
    // K3s stays when it is not wanted from here any more: its binary is not remembered as a file that was placed.
    if (file.kind === 'binary') return ended(await at.on(at.machine, uploadFile(path, file.mode, file.input)));
    // Every user of the host sees arguments, and the sha256 of a short secret would help to guess it.
    const announced = { size: file.input.size, sha256: file.secret ? '' : file.sha256 };
    return ended(await at.on(at.machine, place(path, file, file.input, announced, at.secrets)));
  },
});
