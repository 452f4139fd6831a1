import { BaseSequencer } from 'vitest/node';

/** Files that take minutes, longest first. */
const LONG = [
  'test/fleet/faultMatrix.test.ts',
  'test/fleet/openrc.test.ts',
  'test/fleet/nginx.test.ts',
  'test/fleet/real.test.ts',
  'test/fleet/databases.test.ts',
  'test/fleet/files.test.ts',
  'test/fleet/haproxy.test.ts',
  'test/fleet/splitRoles.test.ts',
  'test/fleet/remove.test.ts',
  'test/fleet/balancerExamples.test.ts',
  'test/practice/faultMatrix.test.ts',
  'test/practice/restore.test.ts',
  'test/practice/changes.test.ts',
  'test/practice/removal.test.ts',
];

/**
 * Begins with the files that take longest, or one of them would run on alone when all others have ended. A file's size,
 * by which vitest goes, says little of tests that wait for hosts.
 */
export class LongestFirst extends BaseSequencer {
  /** @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const turn = ({ moduleId }) => {
      const at = LONG.findIndex((file) => moduleId.endsWith(file));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => turn(a) - turn(b));
  }
}
