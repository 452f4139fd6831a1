import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import type { RemoteOutput } from './remoteCommand';

/** Exit status of a script that found no curl. */
const NO_CURL = 3;

/**
 * Begins a script that asks addresses of its own host: `ask <name> <curl arguments>` prints one answer for
 * {@link parseAnswers}, with what curl says when there is none. No .curlrc and no proxy decides where it asks.
 */
export const ASK = `export LC_ALL=C
if ! command -v curl >/dev/null 2>&1; then exit ${NO_CURL}; fi
ask() {
  printf '>>> %s\\n' "$1"
  shift
  curl -q -sS -m 5 --noproxy '*' -w '\\n<<< %{http_code}\\n' "$@" 2>&1
}`;

/** What one address answered. */
export interface HttpAnswer {
  /** 0 when there was no answer; `body` then is what curl says. */
  readonly status: number;
  readonly body: string;
}

/** The answers that a script with {@link ASK} printed, by name. */
export function parseAnswers(output: RemoteOutput, what: string): Result<ReadonlyMap<string, HttpAnswer>, Problem> {
  if (output.exitCode === NO_CURL) {
    return err(
      problem('curl-missing', `${what} cannot be asked: this server has no curl`, {
        why: 'Only a client that can show a certificate gets an answer, and curl is the one that servers usually have.',
        nextSteps: ['Install curl on the server, then try again.'],
      }),
    );
  }
  const answers = new Map<string, HttpAnswer>();
  for (const part of output.stdout.split(/^>>> /m).slice(1)) {
    // curl prints its own words after the status: both go to the same place.
    const match = /^(\S+)\n([^]*)\n<<< (\d{3})\n([^]*)$/.exec(part);
    if (match === null) continue;
    const [, name = '', body = '', status = '0', said = ''] = match;
    answers.set(name, { status: Number(status), body: (body + said).trim() });
  }
  if (answers.size === 0) return err(failed('address-not-asked', `${what} could not be asked`, output));
  return ok(answers);
}
