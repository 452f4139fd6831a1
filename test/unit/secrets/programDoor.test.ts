import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/base/result';
import { parseProgramAllowances } from '../../../src/cli/programAllowances';
import type { AgreementRecord, LocalProgram, ProgramDoor, ProgramQuestion } from '../../../src/engine/ports';
import { createProgramDoor, programLines, type ProgramDoorDependencies } from '../../../src/engine/secrets/programDoor';
import { textInput } from '../../support/localFiles';
import { sha256 } from '../../support/plans';

let record: AgreementRecord;
let questions: ProgramQuestion[];
let answers: boolean[];
let ran: string[];

beforeEach(() => {
  record = { given: [], hostKeys: {} };
  questions = [];
  answers = [];
  ran = [];
});

function door(more: Partial<ProgramDoorDependencies> = {}): ProgramDoor {
  return createProgramDoor({
    file: 'cluster.k3s.yaml',
    agreements: { read: async () => record, update: async (change) => void (record = change(record)) },
    sha256,
    runner: {
      run: async ({ name }) => {
        ran.push(name);
        return ok(undefined);
      },
    },
    ask: async (question) => {
      questions.push(question);
      return answers.shift() ?? false;
    },
    nextSteps: () => ['agree'],
    ...more,
  });
}

const program = (name: string, text: string): LocalProgram => ({ name, input: textInput(text) });
const PRE = program('./pre.sh', 'one');
const run = (at: ProgramDoor, what: LocalProgram) => at.run({ ...what, env: {}, timeoutMs: 1000 });

describe('the door for programs', () => {
  it('asks once with path and sha256, and remembers that for this content alone', async () => {
    answers = [true];
    expect(await door().admit([PRE])).toEqual(ok(undefined));
    expect(questions.flatMap(programLines)).toEqual([`./pre.sh (hooks, sha256 ${sha256('one')})`]);
    expect(await door().admit([PRE])).toEqual(ok(undefined));
    expect(questions).toHaveLength(1);
    for (const other of [program('./pre.sh', 'two'), program('./post.sh', 'one')])
      expect(await door().admit([PRE, other])).toMatchObject({ ok: false });
    expect(questions.slice(1).map(({ programs }) => programs.map(({ name }) => name))).toEqual([
      ['./pre.sh'],
      ['./post.sh'],
    ]);
  });

  it('lets nothing run that was not admitted by it', async () => {
    const closed = door();
    expect(await closed.admit([PRE])).toMatchObject({
      ok: false,
      error: { code: 'programs-not-agreed', details: [`./pre.sh (hooks, sha256 ${sha256('one')})`] },
    });
    expect(await run(closed, PRE)).toMatchObject({ ok: false, error: { code: 'programs-not-agreed' } });
    answers = [true];
    const open = door();
    await open.admit([PRE]);
    expect(await run(open, program('./pre.sh', 'two'))).toMatchObject({ ok: false });
    expect(ran).toEqual([]);
    expect(await run(open, PRE)).toEqual(ok(undefined));
    expect(ran).toEqual(['./pre.sh']);
  });

  it('takes what the command line allows for this command only', async () => {
    const parsed = parseProgramAllowances([`./pre.sh=${sha256('one').toUpperCase()}`]);
    if (!parsed.ok) throw new Error(parsed.error);
    expect(await door({ allowed: parsed.value }).admit([PRE])).toEqual(ok(undefined));
    expect(questions).toEqual([]);
    expect(await door({ allowed: parsed.value }).admit([program('./pre.sh', 'two')])).toMatchObject({ ok: false });
    expect(await door().admit([PRE])).toMatchObject({ ok: false });
  });

  it.each(['./pre.sh', './pre.sh=', './pre.sh=abc', `=${'a'.repeat(64)}`])(
    'takes no allowance such as %s',
    (option) => {
      expect(parseProgramAllowances([option])).toEqual({
        ok: false,
        error: `--allow-programs needs PATH=SHA256, the sha256 in 64 hexadecimal digits; "${option}" is not that.`,
      });
    },
  );
});
