import { render } from '../ansible/template';
import type { Reading, SourceText } from '../installCommand';
import { withoutMarks } from '../placeholder';
import { InstallRun } from '../shell/installRun';
import { leftNote, shellQuoted } from '../shell/readShell';
import { shellText } from '../shell/shellText';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

type Data = Readonly<Record<string, unknown>>;

const COMMANDS = ['shell', 'command', 'raw'];
/** What says how a task is run, and nothing about the cluster. */
const HOW =
  /^(?:name|args|environment|when|become\w*|register|changed_when|failed_when|tags|notify|delegate_to|run_once|retries|delay|until|no_log|loop|with_items|vars|ignore_errors|async|poll)$/;

/** Tasks of Ansible that run the install script or write its files themselves. https://docs.ansible.com/ansible/latest/collections/ansible/builtin/ */
export const ansibleTasks: Reader = {
  name: 'tasks of Ansible',
  claims: ({ text }) =>
    /^[ \t]*(?:- )?(?:ansible\.builtin\.)?(?:shell|command|raw)[ \t]*:/m.test(text) &&
    tasksOf(readYaml(withoutMarks(text))).some(({ task }) => /k3s/i.test(commandOf(task) ?? '')),
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

interface Task {
  readonly task: Data;
  readonly vars: Data;
}

/** Tasks of a list, of plays and of blocks, with the variables that are given there. */
function tasksOf(data: unknown, vars: Data = {}): readonly Task[] {
  const items = Array.isArray(data) ? data : listOf(recordOf(data)?.['tasks']);
  return items.flatMap((item): readonly Task[] => {
    const record = recordOf(item);
    if (record === undefined) return [];
    const known = { ...vars, ...recordOf(record['vars']) };
    const inner = ['pre_tasks', 'tasks', 'block', 'rescue', 'always', 'post_tasks'].filter((key) =>
      Array.isArray(record[key]),
    );
    return inner.length > 0 ? inner.flatMap((key) => tasksOf(record[key], known)) : [{ task: record, vars: known }];
  });
}

const moduleOf = (task: Data, name: string): unknown => task[name] ?? task[`ansible.builtin.${name}`];

/** The line that a task has a shell run. */
function commandOf(task: Data): string | undefined {
  for (const name of COMMANDS) {
    const given = moduleOf(task, name);
    const record = recordOf(given) ?? recordOf(task['args']) ?? {};
    const text = scalarOf(given) ?? scalarOf(record['cmd']);
    if (text !== undefined) return text;
    if (given !== undefined && Array.isArray(record['argv']))
      return listOf(record['argv'])
        .map((word) => shellQuoted(String(word)))
        .join(' ');
  }
  return undefined;
}

function readOne({ name, text }: SourceText): Reading {
  const run = new InstallRun();
  const left: string[] = [];
  let conditions = 0;
  for (const { task, vars } of tasksOf(readYaml(withoutMarks(text)))) {
    const items = listOf(task['loop'] ?? task['with_items']);
    const literal =
      items.length > 0 && items.every((item) => scalarOf(item) !== undefined && !/\{\{/.test(String(item)));
    const before = run.left.length;
    for (const item of literal ? items : [undefined]) {
      const shell = shellOf(task, (written) =>
        render(written, { vars: item === undefined ? vars : { ...vars, item }, size: () => 0 }),
      );
      if (shell === undefined)
        left.push(JSON.stringify(Object.fromEntries(Object.entries(task).filter(([key]) => !HOW.test(key)))));
      else run.shell(shell);
    }
    if (task['when'] !== undefined && run.left.length === before) conditions += 1;
  }
  const reading = run.finish();
  return {
    ...reading,
    notes: [
      ...reading.notes,
      ...(conditions === 0
        ? []
        : ['On which machines a task is run (hosts, when) was not read: each of them was taken for one machine.']),
      ...leftNote([...run.left, ...left.filter((each) => each !== '{}')], name),
    ],
  };
}

/** A task as a shell would do it; undefined when it says nothing of K3s here. */
function shellOf(task: Data, known: (text: string) => string): string | undefined {
  const command = commandOf(task);
  if (command !== undefined) {
    const given = Object.entries(recordOf(task['environment']) ?? {}).map(
      ([name, value]) => `${name}=${shellQuoted(known(scalarOf(value) ?? ''))}`,
    );
    const line = shellText(known(command));
    return given.length === 0 ? line : `env ${given.join(' ')} sh -c ${shellQuoted(line)}`;
  }
  const fetched = recordOf(moduleOf(task, 'get_url'));
  if (fetched !== undefined)
    return `curl -o ${shellQuoted(known(scalarOf(fetched['dest']) ?? ''))} ${shellQuoted(known(scalarOf(fetched['url']) ?? ''))}`;
  const copied = recordOf(moduleOf(task, 'copy'));
  const content = copied?.['content'];
  if (copied !== undefined && content !== undefined)
    return written(scalarOf(copied['dest']), known(scalarOf(content) ?? JSON.stringify(content)), '>');
  const added = recordOf(moduleOf(task, 'lineinfile')) ?? recordOf(moduleOf(task, 'blockinfile'));
  const lines = scalarOf(added?.['line']) ?? scalarOf(added?.['block']);
  return added === undefined || lines === undefined
    ? undefined
    : written(scalarOf(added['path'] ?? added['dest']), known(lines), '>>');
}

function written(path: string | undefined, text: string, operator: '>' | '>>'): string | undefined {
  return path === undefined ? undefined : `printf '%s\\n' ${shellQuoted(text)} ${operator} ${shellQuoted(path)}`;
}
