import { say } from './say';
import { problem, type Problem } from './problem';

/** The oldest Node on which undici 8 loads, which asks the Kubernetes API: `engines` of its package. https://www.npmjs.com/package/undici */
const OLDEST: readonly [major: number, minor: number] = [22, 19];

/** What is wrong with asking the Kubernetes API on this Node; undefined where it can be done. `version` is like `20.20.2`. */
export function oldNodeProblem(version: string): Problem | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return problem(
    'node-too-old',
    say`Asking the Kubernetes API needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}`,
    { nextSteps: [say`Run the command with a newer Node; lint and plan work with this one.`] },
  );
}
