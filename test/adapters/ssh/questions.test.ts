import type { AuthContext, KeyboardAuthContext } from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finish, startSsh2Server } from './support/ssh2Server';
import { createWorkplace, failure, output, shell, target, timed, type Workplace } from './support/workplace';

let place: Workplace;
let secret: string;
beforeEach(() => {
  place = createWorkplace();
  secret = place.keepSecret('correct horse battery');
});
afterEach(() => place.close());

const exec = (_command: string, channel: Parameters<typeof finish>[0]): void => finish(channel, 0, 'in\n');

const passwordOnly =
  (attempts: string[] = []) =>
  (context: AuthContext): void => {
    if (context.method !== 'password') context.reject(['password']);
    else {
      attempts.push(context.password);
      if (context.password === secret) context.accept();
      else context.reject(['password']);
    }
  };

/** Asks for a password and a code, as PAM with a second factor does. */
const twoPrompts =
  (heard: string[][]) =>
  (context: AuthContext): void => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive']);
      return;
    }
    (context as KeyboardAuthContext).prompt(
      [
        { prompt: 'Password: ', echo: false },
        { prompt: 'Verification code: ', echo: true },
      ],
      (answers) => {
        heard.push(answers);
        if (answers[0] === secret && answers[1] === '123456') context.accept();
        else context.reject();
      },
    );
  };

test('a password from a secret reference', async () => {
  const server = await startSsh2Server(place, { authenticate: passwordOnly(), exec });
  output(
    await place
      .hosts({ pw: secret })
      .run(target('127.0.0.1', { port: server.port, user: 'alice', password: '${secret:pw}' }), shell('true')),
  );
  expect(place.secretQuestions).toEqual([]);
});

test('a missing secret is named', async () => {
  const server = await startSsh2Server(place, { authenticate: passwordOnly(), exec });
  const problem = failure(
    place,
    await place.hosts().run(target('127.0.0.1', { port: server.port, password: '${secret:pw}' }), shell('true')),
  );
  expect(problem).toMatchObject({ code: 'secret-missing', message: 'The secret pw is not set.' });
});

test('a password that is asked for: once, also when the connection is opened again', async () => {
  const server = await startSsh2Server(place, { authenticate: passwordOnly(), exec });
  place.answer.secret = () => secret;
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: server.port, user: 'alice' });
  output(await hosts.run(at, shell('true')));
  server.cut();
  output(await hosts.run(at, shell('true')));
  expect(server.logins()).toBe(2);
  expect(place.secretQuestions).toEqual([
    {
      kind: 'ssh-password',
      id: `ssh-password:alice@127.0.0.1:${server.port}`,
      prompt: `Password of alice@127.0.0.1:${server.port}`,
    },
  ]);
});

test('a wrong password is tried once, reported, and asked for again the next time', async () => {
  const attempts: string[] = [];
  const server = await startSsh2Server(place, { authenticate: passwordOnly(attempts), exec });
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: server.port, user: 'alice' });
  place.answer.secret = () => place.keepSecret('wrong guess');
  const { ms, value } = await timed(hosts.run(at, shell('true')));
  expect(failure(place, value)).toMatchObject({ code: 'ssh-auth-failed' });
  expect(ms).toBeLessThan(5_000);
  expect(attempts).toEqual(['wrong guess']);
  place.answer.secret = () => secret;
  output(await hosts.run(at, shell('true')));
});

test('a question that nobody answers ends the login', async () => {
  const server = await startSsh2Server(place, { authenticate: passwordOnly(), exec });
  const problem = failure(
    place,
    await place.hosts().run(target('127.0.0.1', { port: server.port, user: 'alice' }), shell('true')),
  );
  expect(problem).toMatchObject({ code: 'ssh-auth-failed' });
  expect(problem.message).toContain('not answered');
});

test('keyboard-interactive with two prompts', async () => {
  const heard: string[][] = [];
  const server = await startSsh2Server(place, { authenticate: twoPrompts(heard), exec });
  place.answer.secret = ({ kind }) => (kind === 'ssh-password' ? secret : '123456');
  output(await place.hosts().run(target('127.0.0.1', { port: server.port, user: 'alice' }), shell('true')));
  expect(heard).toEqual([[secret, '123456']]);
  expect(place.secretQuestions.map((question) => question.prompt)).toEqual([
    `Password of alice@127.0.0.1:${server.port}`,
    `Verification code: (alice@127.0.0.1:${server.port})`,
  ]);
});

test('the configured password answers the password prompt, and a code is never reused', async () => {
  const server = await startSsh2Server(place, { authenticate: twoPrompts([]), exec });
  place.answer.secret = () => '123456';
  const hosts = place.hosts({ pw: secret });
  const at = target('127.0.0.1', { port: server.port, user: 'alice', password: '${secret:pw}' });
  output(await hosts.run(at, shell('true')));
  server.cut();
  output(await hosts.run(at, shell('true')));
  expect(place.secretQuestions.map((question) => question.kind)).toEqual([
    'keyboard-interactive',
    'keyboard-interactive',
  ]);
  expect(new Set(place.secretQuestions.map((question) => question.id)).size).toBe(2);
});

test('questions come one at a time', async () => {
  const servers = await Promise.all(
    [1, 2, 3].map(() => startSsh2Server(place, { authenticate: passwordOnly(), exec })),
  );
  let open = 0;
  let most = 0;
  const ask = async <T>(answer: T): Promise<T> => {
    most = Math.max(most, (open += 1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    open -= 1;
    return answer;
  };
  const hosts = place.hosts(
    {},
    { prompter: { confirmHostKey: () => ask('accept' as const), askSecret: () => ask(secret) } },
  );
  const outcomes = await Promise.all(
    servers.map((server) => hosts.run(target('127.0.0.1', { port: server.port }), shell('true'))),
  );
  outcomes.forEach(output);
  expect(most).toBe(1);
});

test('a key and then a password, when the host wants both', async () => {
  const steps: string[] = [];
  const server = await startSsh2Server(place, {
    exec,
    authenticate: (context) => {
      if (context.method === 'publickey') {
        steps.push('publickey');
        if (context.signature === undefined) context.accept();
        else context.reject(['password'], true);
      } else if (context.method === 'password' && steps.includes('publickey') && context.password === secret)
        context.accept();
      else context.reject(['publickey']);
    },
  });
  place.key('mine');
  output(
    await place
      .hosts({ pw: secret })
      .run(
        target('127.0.0.1', { port: server.port, identityFiles: ['mine'], password: '${secret:pw}' }),
        shell('true'),
      ),
  );
});
