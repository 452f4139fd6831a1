import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { explainFailure, explainStatus } from './apiProblem';
import type { Connection } from './connection';
import { ask } from './pages';

/** An object or a list; undefined where the API has none, or not the kind. */
export async function readObject(
  connection: Connection,
  path: string,
  limit: AbortSignal,
): Promise<Result<unknown, Problem>> {
  const answer = await ask(connection, path, limit);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 404) return ok(undefined);
  if (status !== 200) return err(explainStatus(status, body, connection));
  try {
    return ok(JSON.parse(body));
  } catch {
    return err(
      problem('api-failed', `The Kubernetes API at ${connection.server} answered with something that is no object.`),
    );
  }
}

/** Makes or changes an object by server-side apply. */
export async function applyObject(
  connection: Connection,
  path: string,
  object: object,
  limit: AbortSignal,
): Promise<Result<void, Problem>> {
  try {
    const { status, body } = await connection.apply(path, object, limit);
    return status === 200 || status === 201 ? ok(undefined) : err(explainStatus(status, body, connection));
  } catch (error) {
    return err(explainFailure(error, connection));
  }
}
