import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './run';

const FILE = 'examples/embedded-etcd/cluster.k3s.yaml';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-picture-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('k3s-ha survive', () => {
  it('says what still works without each part, and what takes the API down', async () => {
    const { code, stdout } = await cli(['survive', FILE]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Survives the loss of any 1 of 3 servers/);
    expect(stdout).toMatch(/^server-1 +yes +yes +yes +partly$/m);
    expect(stdout).toContain('any 2 of 3 servers');
  });

  it('ends with 2 when what is required does not hold, and with 0 when it does', async () => {
    expect(await cli(['survive', FILE, '--require', 'any-server,any-zone', '--require', 'balancer'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^holds any-server: [^]*^holds any-zone: [^]*^holds balancer: /m),
    });
    expect(await cli(['survive', FILE, '--without', 'server-1', '--require', 'any-server'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('fails any-server: Without server-2 the API is gone'),
    });
    const { code, stdout } = await cli([
      'survive',
      'examples/mysql-slb/cluster.k3s.yaml',
      '--json',
      '--require',
      'balancer',
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        failures: expect.arrayContaining([
          expect.objectContaining({ part: 'server:server-1', api: expect.anything() }),
        ]),
        requirements: [{ requirement: 'balancer', holds: false }],
      },
    ]);
    expect(await cli(['survive', FILE, 'examples/mysql-slb/cluster.k3s.yaml', '--require', 'balancer'])).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^holds balancer[^]*^fails balancer/m),
    });
  });

  it.each([
    ['a part that is not there', ['--without', 'server-9'], 'no part "server-9"; did you mean "server-'],
    ['a requirement that is none', ['--require', 'luck'], '--require is any-server, any-zone or balancer'],
  ])('ends with 10 for %s', async (_, args, words) => {
    expect(await cli(['survive', FILE, ...args])).toMatchObject({ code: 10, stderr: expect.stringContaining(words) });
  });
});

describe('k3s-ha graph', () => {
  it('draws Mermaid, Graphviz, and the picture of the diagram', async () => {
    expect((await cli(['graph', FILE])).stdout).toMatch(/^flowchart TB\n/);
    expect((await cli(['graph', FILE, '--draw', 'dot'])).stdout).toMatch(/^digraph \{\n[^]*\}\n$/);
    const output = path.join(folder, 'topology.svg');
    expect(await cli(['graph', FILE, '--output', output, '--without', 'server-1,zone:rack-b'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `Written: ${output}\n`,
    });
    const svg = readFileSync(output, 'utf8');
    expect(svg).toMatch(/^<svg [^]*<title>edge: What if server-1 and rack-b fail\? [^]*Quorum is lost[^]*<\/svg>\n$/);
    expect(svg).toContain('class="part kind-server down');
  });

  it.skipIf(process.platform === 'win32')(
    'draws PNG with a program that can, and names some where there is none',
    async () => {
      const program = path.join(folder, 'rsvg-convert');
      writeFileSync(program, '#!/bin/sh\nprintf "PNG %s of " "$4"; /usr/bin/head -c 4\n');
      chmodSync(program, 0o755);
      const PATH = `${folder}:/nowhere`;
      expect(await cli(['graph', FILE, '--draw', 'png'], { env: { PATH } })).toMatchObject({
        code: 0,
        stdout: 'PNG png of <svg',
      });
      writeFileSync(program, '#!/bin/sh\necho "no fonts" >&2; exit 3\n');
      expect(await cli(['graph', FILE, '--draw', 'png'], { env: { PATH } })).toMatchObject({
        code: 12,
        stderr: expect.stringContaining('no fonts'),
      });
      expect(await cli(['graph', FILE, '--draw', 'png'], { env: { PATH: '/nowhere' } })).toMatchObject({
        code: 12,
        stdout: '',
        stderr: expect.stringMatching(/Looked for rsvg-convert[^]*--draw svg/),
      });
    },
  );
});
