import { expect, it } from 'vitest';
import { oldNodeProblem } from '../../../src/core/base/nodeVersion';
import { problemSentence } from '../../../src/core/base/problemSentence';

it('says in one sentence which Node asking the API needs, and is silent where it can be done', () => {
  for (const version of ['22.19.0', '22.20.1', '24.0.0']) expect(oldNodeProblem(version)).toBeUndefined();
  for (const version of ['20.20.2', '22.18.0', '18.0.0']) {
    const found = oldNodeProblem(version);
    expect(found === undefined ? '' : problemSentence(found)).toBe(
      `Asking the Kubernetes API needs Node 22.19 or newer, and this is Node ${version}. Run the command with a newer Node; lint and plan work with this one.`,
    );
  }
});
