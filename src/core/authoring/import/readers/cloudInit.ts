import { decodedText } from '../encodedText';
import type { InstallCommand, Login, Reading, SourceText } from '../installCommand';
import { markPlaceholders, withoutMarks } from '../placeholder';
import { quoted, quotedList } from '../quoted';
import { InstallRun } from '../shell/installRun';
import { shellText } from '../shell/shellText';
import { isTooLongForYaml, listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

/** User data of cloud-init: files that are written and commands that are run. https://docs.cloud-init.io/en/latest/reference/modules.html */
export const cloudInit: Reader = {
  name: 'cloud-init',
  claims: ({ text }) =>
    /^\uFEFF?\s*#cloud-config\b/.test(text) ||
    (/^(?:write_files|runcmd|bootcmd):[ \t]*(?:\[.*)?$/m.test(text) && !/<<-?["']?\w/.test(text.slice(0, 400))),
  read(sources) {
    const read = sources.map(readOne);
    return {
      commands: read.flatMap(({ commands }) => commands),
      notes: read.flatMap(({ notes }) => notes),
      ...Object.assign({}, ...read.map(({ registries }) => (registries === undefined ? {} : { registries }))),
    };
  },
};

const PREPARES =
  /^(?:packages|package_update|package_upgrade|package_reboot_if_required|timezone|locale|ntp|apt|growpart|resize_rootfs|manage_etc_hosts|preserve_hostname|prefer_fqdn_over_hostname|ssh_authorized_keys|ssh_pwauth|disable_root|chpasswd|password|groups|final_message|power_state|swap|mounts|fs_setup|disk_setup|keyboard|yum_repos|output|merge_how)$/;

function readOne({ text }: SourceText): Reading {
  const marked = markPlaceholders(withoutMarks(text));
  const data = recordOf(readYaml(marked));
  if (data === undefined) {
    const why = isTooLongForYaml(marked)
      ? `too long to be read: it has ${(text.length / 1_000_000).toFixed(1)} million characters. Import its write_files and runcmd alone, without the contents that are not about K3s`
      : `no YAML that can be read: ${quoted(text)}`;
    return { commands: [], notes: [`The cloud-init text is ${why}.`] };
  }
  const run = new InstallRun();
  const notes: string[] = [];
  for (const file of listOf(data['write_files'])) writeFile(recordOf(file) ?? {}, run, notes);
  for (const entry of [...listOf(data['bootcmd']), ...listOf(data['runcmd'])]) run.shell(shellText(commandOf(entry)));
  const reading = run.finish();
  const left = Object.entries(data).filter(
    ([key]) => !/^(?:write_files|runcmd|bootcmd|hostname|fqdn|users|user)$/.test(key),
  );
  const others = left.filter(([key]) => !PREPARES.test(key));
  const prepares = left.filter(([key]) => PREPARES.test(key)).map(([key]) => key);
  return {
    ...reading,
    commands: reading.commands.map((command) => onMachine(command, data)),
    notes: [
      ...notes,
      ...reading.notes,
      ...(run.left.length === 0
        ? []
        : [
            `Commands of cloud-init that set up nothing of the cluster, and were not taken over: ${quotedList(run.left)}.`,
          ]),
      ...(prepares.length === 0
        ? []
        : [
            `Parts of cloud-init that prepare the machine, and were not taken over: ${prepares.map((key) => `"${key}"`).join(', ')}.`,
          ]),
      ...(others.length === 0
        ? []
        : [
            `Parts of cloud-init that were not taken over: ${quotedList(others.map(([key, value]) => `${key}: ${JSON.stringify(value)}`))}.`,
          ]),
    ],
  };
}

/** A list is a program with its arguments, a text is a line for the shell. */
function commandOf(entry: unknown): string {
  return Array.isArray(entry)
    ? entry.map((word) => `'${String(word).replaceAll("'", String.raw`'\''`)}'`).join(' ')
    : (scalarOf(entry) ?? '');
}

function writeFile(file: Readonly<Record<string, unknown>>, run: InstallRun, notes: string[]): void {
  const path = scalarOf(file['path']);
  const encoding = scalarOf(file['encoding']) ?? '';
  const content = scalarOf(file['content']) ?? '';
  if (path === undefined) return;
  const text = /^(?:gz\+|gzip\+)?(?:b64|base64)$/i.test(encoding) ? decodedText(content) : content;
  if (text === undefined || /^gz(?:ip)?$/i.test(encoding))
    notes.push(`The file ${path} is in an encoding (${encoding}) from which no text could be read.`);
  else run.file(path, text);
}

/** The machine has the name and the user that cloud-init gives it. */
function onMachine(command: InstallCommand, data: Readonly<Record<string, unknown>>): InstallCommand {
  const named = scalarOf(data['hostname']) ?? scalarOf(data['fqdn'])?.split('.')[0];
  const full = scalarOf(data['fqdn']);
  const user = listOf(data['users'] ?? data['user'])
    .flatMap((entry) => scalarOf(recordOf(entry)?.['name']) ?? [])
    .at(0);
  const ssh: Login = { ...(user === undefined ? {} : { user }), ...command.ssh };
  return {
    ...(full?.includes('.') === true ? { host: full } : {}),
    ...command,
    options: { ...(named === undefined ? {} : { 'node-name': named }), ...command.options },
    ...(Object.keys(ssh).length === 0 ? {} : { ssh }),
  };
}
