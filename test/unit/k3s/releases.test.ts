import { describe, expect, it } from 'vitest';
import { RELEASES, releasesOfChannels } from '../../../src/core/k3s/releases';

const channel = (id: string, latest: unknown) => ({ id, type: 'channel', name: id, latest });

describe('the releases of a channel server', () => {
  it('are the stable one, then the newest patch of each minor version', () => {
    const answer = {
      type: 'collection',
      data: [
        channel('stable', 'v1.36.5+k3s1'),
        channel('latest', 'v1.37.1+k3s1'),
        channel('testing', 'v1.38.0-rc1+k3s1'),
        channel('v1.35', 'v1.35.9+k3s1'),
        channel('v1.36', 'v1.36.5+k3s1'),
        channel('v1.37', 'v1.37.1+k3s1'),
        channel('v1.35-old', 'v1.35.2+k3s1'),
      ],
    };
    expect(releasesOfChannels(answer)).toEqual(['v1.36.5+k3s1', 'v1.37.1+k3s1', 'v1.35.9+k3s1']);
  });

  it('leave out what is no release tag: names come from the net', () => {
    expect(
      releasesOfChannels({
        data: [channel('stable', 'v1.36.5+k3s1'), channel('x', 'v1.2.3; rm -rf /'), channel('y', 7), null],
      }),
    ).toEqual(['v1.36.5+k3s1']);
  });

  it.each([[null], [{}], ['text'], [{ data: [] }], [{ data: [channel('latest', 'v1.37.1+k3s1')] }]])(
    'are not %j',
    (answer) => expect(releasesOfChannels(answer)).toBeUndefined(),
  );

  it('come with the extension, the stable one first', () => expect(RELEASES[0]).toMatch(/^v1\.\d+\.\d+\+k3s\d+$/));
});
