import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/core/base/steps';
import { parseDocument } from '../../../src/core/document/parse';
import { languageStatus } from '../../../src/core/language/status';
import { inspectInSteps } from '../../../src/core/language/validate';
import { clusterFile } from './marked';

const statusOf = (text: string) => languageStatus(finish(inspectInSteps(parseDocument(text))));

describe('the language status', () => {
  it('counts nodes and problems and says what the cluster survives', () => {
    const two = statusOf(
      clusterFile(
        'datastore: {type: embedded-etcd}\nservers:\n  nodes:\n    - {host: 10.0.0.11}\n    - {host: 10.0.0.12}\n',
      ),
    );
    expect(two.severity).toBe('error');
    expect(two.text).toMatch(/^K3s channel stable · 2 servers, 0 agents · \d problems$/);
    expect(two.detail).toMatch(/^Does not survive the loss of .* \d errors?, /);
  });

  it('says why a file cannot be read', () => {
    expect(statusOf('servers: [a\n')).toMatchObject({
      severity: 'error',
      text: 'Not readable · 1 problem',
      detail: expect.stringContaining('[') as string,
    });
  });
});
