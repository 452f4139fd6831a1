import { fail, type Command } from './command';

const NO_SPACE = 'No space left on device';

/** write-file: path, mode, number of bytes. */
export const writeFileCommand: Command = (run) => {
  const [path = '', mode = '', bytes = ''] = run.args;
  const { host, user, stdin } = run;
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (host.files.hasFolder(path)) return fail(run, `${path} is a folder`);
  if (!host.files.writable(path, user)) {
    return fail(
      run,
      host.files.hasFolder(folder)
        ? `mktemp: failed to create file via template '${folder}/.k3s-ha.XXXXXX': Permission denied`
        : `mkdir: cannot create directory '${folder}': Permission denied`,
    );
  }
  if (host.diskFull && stdin !== '') return fail(run, `cat: write error: ${NO_SPACE}`);
  if (Buffer.byteLength(stdin) !== Number(bytes)) return fail(run, 'only a part of the file arrived');
  if (!/^[0-7]{3,4}$/.test(mode)) return fail(run, `chmod: invalid mode: '${mode}'`);
  host.files.write(path, stdin, { mode: Number.parseInt(mode, 8), owner: user });
  return 0;
};

/** read-file: path. */
export const readFileCommand: Command = (run) => {
  const [path = ''] = run.args;
  const file = run.host.files.get(path);
  if (file === undefined) return fail(run, `${path} does not exist`, 2);
  if (!run.host.files.readable(path, run.user)) return fail(run, `cat: ${path}: Permission denied`);
  run.out(file.content);
  return 0;
};

/** What a write to a full disk ends with. */
export function noSpace(command: string): string {
  return `${command}: write error: ${NO_SPACE}`;
}
