import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { parseAllowances } from './cli/allowances';
import { apply } from './cli/apply';
import { EXIT, type ExitCode } from './cli/exitCodes';
import { cancelOnSignals } from './cli/interrupt';
import { kubeconfig } from './cli/kubeconfig';
import { lint } from './cli/lint';
import { fail, printLines, tell, tellLines } from './cli/output';
import { plan } from './cli/plan';
import { parseRuleLevels } from './cli/ruleLevels';
import { status } from './cli/status';
import { problemIn } from './core/base/problem';

const USAGE = `Usage: k3s-ha <command> FILE [options]

  lint PATH…         check cluster files, and those in folders; errors and warnings fail
  plan FILE          examine the hosts and show what would happen
  apply FILE         plan, ask, and carry it out; --yes does not ask
  status FILE        the nodes and their health, through the load balancer
  kubeconfig FILE    fetch, verify and merge the kubeconfig
  practice FILE      run simulated hosts for a file whose addresses are 127.…

Options
  --json             results as JSON on standard output
  --strict           lint: information and hints fail, too
  --fix              lint: take the fixes that are right without looking, and save
  --rule ID=LEVEL    lint: error, warning, info, hint or off for one rule; may be repeated
  --allow-secrets NAME=HOST,…
                     plan, apply, status, kubeconfig: let these hosts have a secret, env:NAME, file:PATH, key:PATH or
                     known-hosts:PATH of the file without a question; may be repeated
  --verbose          what the hosts print, too
  --parallel N       hosts at the same time (16)
  --start-timeout S  seconds that K3s may take to start on a host (600)
  --kubeconfig PATH  status: this kubeconfig instead of kubectl's
  --output PATH      kubeconfig: a file of its own instead of kubectl's
  --on-conflict HOW  kubeconfig: cancel (default), overwrite or keep-both
  --time-scale X     practice: 0.1 is ten times faster than real hosts

Exit status: 0 fine, 2 findings, 10 usage, 11 hosts not ready, 12 failed, 13 cancelled, 14 changes planned, 15 degraded.
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', short: 'v', default: false },
  strict: { type: 'boolean', default: false },
  fix: { type: 'boolean', default: false },
  rule: { type: 'string', multiple: true },
  'allow-secrets': { type: 'string', multiple: true },
  yes: { type: 'boolean', short: 'y', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  parallel: { type: 'string', default: '16' },
  'start-timeout': { type: 'string', default: '600' },
  kubeconfig: { type: 'string' },
  output: { type: 'string' },
  'on-conflict': { type: 'string', default: 'cancel' },
  'time-scale': { type: 'string', default: '0.1' },
} as const;

async function main(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [command, ...paths] = positionals;
  if (values.help || command === 'help') {
    printLines(USAGE);
    return EXIT.fine;
  }
  const [path] = paths;
  if (command === undefined || path === undefined)
    return usage(command === undefined ? 'No command was given.' : `${command} needs a cluster file.`);
  const parallel = Number(values.parallel);
  const startTimeout = Number(values['start-timeout']);
  if (!Number.isInteger(parallel) || parallel < 1) return usage('--parallel needs a whole number of at least 1.');
  if (!(startTimeout > 0)) return usage('--start-timeout needs a number of seconds.');
  const conflict = values['on-conflict'];
  if (conflict !== 'cancel' && conflict !== 'overwrite' && conflict !== 'keep-both')
    return usage('--on-conflict is cancel, overwrite or keep-both.');
  const levels = parseRuleLevels(values.rule ?? []);
  if (!levels.ok) return usage(levels.error);
  const allowed = parseAllowances(values['allow-secrets'] ?? []);
  if (!allowed.ok) return usage(allowed.error);
  const common = { json: values.json, verbose: values.verbose, parallel, allowed: allowed.value };
  switch (command) {
    case 'lint':
      return lint(paths, { json: values.json, strict: values.strict, fix: values.fix, levels: levels.value }, signal);
    case 'plan':
      return plan(path, common, signal);
    case 'apply':
      return apply(path, { ...common, yes: values.yes, startTimeoutMs: startTimeout * 1000 }, signal);
    case 'status':
      return status(
        path,
        { ...common, ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }) },
        signal,
      );
    case 'kubeconfig':
      return kubeconfig(
        path,
        { ...common, onConflict: conflict, ...(values.output === undefined ? {} : { output: values.output }) },
        signal,
      );
    case 'practice':
      return practice(path, values['time-scale'], signal);
    default:
      return usage(`There is no command "${command}".`);
  }
}

function usage(message: string): ExitCode {
  tell(message);
  tellLines(`\n${USAGE}`);
  return EXIT.usage;
}

/** How long the fleet may take to end by itself, in milliseconds. */
const FLEET_PATIENCE_MS = 600;

/** The fleet is a program of its own that ends when its standard input does: it lives as long as this process. */
function practice(path: string, timeScale: string, signal: AbortSignal): Promise<ExitCode> {
  const fleet = spawn(process.execPath, [join(__dirname, 'practice.js'), '--file', path, '--time-scale', timeScale], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const kill = (): void => void fleet.kill('SIGKILL');
  process.once('exit', kill);
  signal.addEventListener('abort', () => {
    fleet.stdin.end();
    setTimeout(kill, FLEET_PATIENCE_MS).unref();
  });
  return new Promise((resolve) => {
    fleet.once('exit', (code) => resolve(code === 0 ? EXIT.fine : EXIT.failed));
  });
}

const signal = cancelOnSignals();

void main(process.argv.slice(2), signal)
  .catch((error: unknown) => {
    const found = problemIn(error);
    if (found !== undefined) return fail(found);
    tellLines(`Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.unexpected;
  })
  .then((code) => {
    // What a command says when its work is cut off under it is not its result, and dials that nobody needs are not waited for.
    if (signal.aborted) process.exit(code === EXIT.fine ? code : EXIT.cancelled);
    process.exitCode = code;
  });
