import { utils, type AnyAuthMethod, type Prompt } from 'ssh2';
import type { Problem } from '../../core/base/problem';
import type { Log } from '../../engine/ports';
import { OneKeyAgent, listAgentKeys, signWithAgent, type OfferedKey } from './agent';
import { maySign } from './algorithms';
import type { Hop } from './hops';
import type { Identities, Identity } from './identities';
import { authFailed, notAccepted, unanswered, unusableAgentKey } from './loginProblems';
import type { Vault } from './vault';

/** Tries the ways to log in to one server in OpenSSH's order, and can say afterwards what was tried. */
export interface Authentication {
  /** The next method that the server may accept; undefined when nothing is left. `left` is null before the server has said what it offers. */
  next(left: readonly string[] | null, partialSuccess: boolean): Promise<AnyAuthMethod | undefined>;
  /** Why the login failed, in words. */
  failure(): Problem;
  /** The login is done: what was typed for it may be kept. */
  succeeded(): Promise<void>;
  /** The login failed, perhaps for a wrong answer: the next one asks again. */
  failed(): void;
  /** Nobody was asked, so another login would try exactly the same. */
  readonly unattended: boolean;
  /** The password that was sent, if any; sudo often takes the same one. */
  readonly password: string | undefined;
  /** How the login succeeded, e.g. "agent key alice@laptop". */
  readonly method: string;
}

interface Context {
  readonly identities: Identities;
  readonly vault: Vault;
  readonly log: Log;
  /** Called around everything that waits for a person, so that no time limit runs meanwhile. */
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called when a password is on its way: hosts take their time to refuse one. */
  readonly onPasswordSent: () => void;
  /** Ends the login at once, e.g. when a question was left unanswered. */
  readonly giveUp: (reason: Problem) => void;
}

export function createAuthentication(
  hop: Hop,
  { identities, vault, log, waiting, onPasswordSent, giveUp }: Context,
): Authentication {
  const done = new Set<string>();
  const tried: string[] = [];
  const problems: Problem[] = [];
  const asked = new Set<string>();
  let lockedKeys: readonly Identity[] = [];
  let offered: readonly string[] = [];
  let password: string | undefined;
  let usedGiven = false;
  let answeredInteractively = false;
  let keys: OfferedKey[] = [];
  let signed = false;
  let method = 'no authentication';

  const accepted = (found: readonly OfferedKey[]): OfferedKey[] => {
    const isAccepted = ({ key }: OfferedKey): boolean => maySign(hop.algorithms, key.type);
    problems.push(...found.filter((key) => !isAccepted(key)).map(notAccepted));
    return found.filter(isAccepted).map((key) => ({
      ...key,
      sign: async (data, options) =>
        maySign(hop.algorithms, key.key.type, options.hash)
          ? key.sign(data, options)
          : new Error('ssh_config does not allow this signature'),
    }));
  };

  const offerKey = (key: OfferedKey): AnyAuthMethod => {
    tried.push(key.name);
    const onSigned = (): void => {
      signed = true;
      method = key.name;
      tried[tried.length - 1] = `${key.name} (known to the host)`;
    };
    return { type: 'agent', username: hop.user, agent: new OneKeyAgent(key, onSigned) };
  };

  const fromFile = (identity: Identity, blob: Buffer): readonly OfferedKey[] => {
    const key = utils.parseKey(blob);
    if (key instanceof Error) return [];
    return [
      {
        key,
        name: `key file ${identity.path}`,
        async sign(data, options) {
          const unlocked = await waiting(() => identity.unlock(hop));
          if (unlocked.ok) return unlocked.value.sign(data, options.hash);
          problems.push(unlocked.error);
          return new Error(unlocked.error.code);
        },
      },
    ];
  };

  /** OpenSSH's order, except that a key named in the cluster file goes before unrelated agent keys: a full agent would use up the server's attempts. */
  const collectKeys = async (): Promise<OfferedKey[]> => {
    const files = await identities.read(hop);
    problems.push(...files.problems);
    lockedKeys = files.identities.filter((identity) => identity.publicBlob === undefined);
    const socket = hop.agentSocket;
    const agentKeys = socket === undefined ? [] : await listAgentKeys(socket);
    if (typeof agentKeys === 'string') log.warn(`The SSH agent at ${socket ?? ''} is not used: ${agentKeys}.`);
    const inAgent = typeof agentKeys === 'string' ? [] : agentKeys;
    problems.push(...inAgent.filter((held) => held.key === undefined).map(unusableAgentKey));

    const wanted = [
      ...files.identities.flatMap((identity) => (identity.publicBlob === undefined ? [] : [identity.publicBlob])),
      ...files.publicOnly,
    ];
    const isWanted = (blob: Buffer): boolean => wanted.some((candidate) => candidate.equals(blob));
    const agentKey = ({ key, comment }: (typeof inAgent)[number]): readonly OfferedKey[] =>
      key === undefined || socket === undefined
        ? []
        : [
            {
              key,
              name: `agent key ${comment || key.type}`,
              sign: (data, options) => waiting(() => signWithAgent(socket, key, data, options)),
            },
          ];
    const fileKeys = files.identities.flatMap((identity) => {
      const blob = identity.publicBlob;
      if (blob === undefined || inAgent.some((held) => held.blob.equals(blob))) return [];
      const explicit = hop.identityFiles.some((file) => file.explicit && file.path === identity.path);
      return fromFile(identity, blob).map((key) => ({ key, explicit }));
    });
    return [
      ...inAgent.filter((held) => isWanted(held.blob)).flatMap(agentKey),
      ...fileKeys.filter((file) => file.explicit).map((file) => file.key),
      ...(hop.identitiesOnly ? [] : inAgent.filter((held) => !isWanted(held.blob)).flatMap(agentKey)),
      ...fileKeys.filter((file) => !file.explicit).map((file) => file.key),
    ];
  };

  /** Key files that hide even their public half until they are decrypted. */
  const unlockKeys = async (): Promise<OfferedKey[]> => {
    const opened: OfferedKey[] = [];
    for (const identity of lockedKeys) {
      const unlocked = await waiting(() => identity.unlock(hop));
      if (unlocked.ok) opened.push(...fromFile(identity, unlocked.value.getPublicSSH()));
      else problems.push(unlocked.error);
    }
    return opened;
  };

  const givenPassword = async (): Promise<string | undefined> => {
    if (hop.password === undefined) return undefined;
    const value = await vault.resolve(hop.password);
    usedGiven = value.ok;
    if (value.ok) return value.value;
    giveUp(value.error);
    return undefined;
  };

  const ask = async (
    kind: 'ssh-password' | 'keyboard-interactive',
    id: string,
    prompt: string,
  ): Promise<string | undefined> => {
    const answer = await waiting(() => vault.ask({ kind, id, prompt }));
    if (answer === undefined) giveUp(unanswered(hop, prompt, problems));
    else asked.add(id);
    return answer;
  };

  const sendPassword = (value: string): AnyAuthMethod => {
    password = value;
    method = 'password';
    tried.push('password');
    onPasswordSent();
    return { type: 'password', username: hop.user, password: value };
  };

  const answerPrompts = async (prompts: readonly Prompt[]): Promise<string[] | undefined> => {
    const answers: string[] = [];
    for (const { prompt, echo } of prompts) {
      const isPassword = echo !== true && /password/i.test(prompt);
      const configured = isPassword ? await givenPassword() : undefined;
      const answer =
        configured ??
        (isPassword
          ? await ask('ssh-password', passwordId(hop), `Password of ${hop.label}`)
          : await ask(
              'keyboard-interactive',
              `keyboard-interactive:${hop.label}:${nextQuestion()}`,
              `${prompt.trim()} (${hop.label})`,
            ));
      if (answer === undefined) return undefined;
      if (isPassword) password = answer;
      answers.push(answer);
    }
    return answers;
  };

  const interactive = (): AnyAuthMethod => {
    method = 'keyboard-interactive';
    tried.push('keyboard-interactive');
    return {
      type: 'keyboard-interactive',
      username: hop.user,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        answeredInteractively ||= prompts.length > 0;
        void answerPrompts(prompts).then((answers) => {
          if (answers === undefined) return;
          finish(answers);
          onPasswordSent();
        });
      },
    };
  };

  const once = (name: string): boolean => !done.has(name) && done.add(name) !== undefined;

  return {
    async next(left, partialSuccess) {
      if (left === null) return { type: 'none', username: hop.user };
      // ssh2 does not tell when a key was accepted but is not enough, nor what the host wants then. It is the only
      // reason to come back here after a signature, so the other methods are tried and the host corrects the list.
      if (signed) {
        signed = false;
        keys = [];
        done.add('keys').add('locked');
        return this.next(['keyboard-interactive', 'password'], true);
      }
      offered = left;
      if (left.includes('publickey')) {
        if (once('keys')) keys = accepted(await collectKeys());
        if (keys.length === 0 && once('locked')) keys = accepted(await unlockKeys());
        const key = keys.shift();
        if (key !== undefined) return offerKey(key);
      }
      if (left.includes('password') && hop.password !== undefined && once('password')) {
        const value = await givenPassword();
        return value === undefined ? undefined : sendPassword(value);
      }
      // After a wrong password the same one would only be refused again, and count as another attempt.
      if (left.includes('keyboard-interactive') && (!done.has('password') || partialSuccess) && once('interactive'))
        return interactive();
      if (left.includes('password') && (!answeredInteractively || partialSuccess) && once('password')) {
        const value = await ask('ssh-password', passwordId(hop), `Password of ${hop.label}`);
        return value === undefined ? undefined : sendPassword(value);
      }
      return undefined;
    },
    failure: () => authFailed(hop, offered, tried, problems),
    async succeeded() {
      if (usedGiven && hop.password !== undefined) await vault.worked(hop.password);
    },
    failed() {
      for (const id of asked) vault.forget(id);
      if (usedGiven && hop.password !== undefined) vault.refused(hop.password);
    },
    get unattended() {
      return asked.size === 0 && !usedGiven;
    },
    get password() {
      return password;
    },
    get method() {
      return method;
    },
  };
}

let questions = 0;

/** One-time codes differ each time, so their questions never share an id. */
function nextQuestion(): number {
  questions += 1;
  return questions;
}

function passwordId(hop: Hop): string {
  return `ssh-password:${hop.label}`;
}
