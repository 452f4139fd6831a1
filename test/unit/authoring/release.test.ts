import { describe, expect, it } from 'vitest';
import { setRelease } from '../../../src/core/authoring/release';
import { applyEdits } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';

const written = (text: string): string => applyEdits(text, setRelease(parseDocument(text), 'v1.36.3+k3s1'));

describe('the release in a cluster file', () => {
  it('changes by itself, with everything around it as it was', () => {
    expect(written('# mine\nk3s:\n  version: v1.35.7+k3s1  # pinned\nservers: {}\n')).toBe(
      '# mine\nk3s:\n  version: v1.36.3+k3s1  # pinned\nservers: {}\n',
    );
  });

  it('takes the place of a channel, and is added where there is neither', () => {
    expect(written('k3s:\n  channel: stable\nservers: {}\n')).toBe('k3s:\n  version: v1.36.3+k3s1\nservers: {}\n');
    expect(parseDocument(written('servers: {}\n')).data).toMatchObject({ k3s: { version: 'v1.36.3+k3s1' } });
  });
});
