import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { speak } from '../../../src/core/base/say';
import { parseDocument } from '../../../src/core/document/parse';
import { fixes, validate } from '../../../src/core/language/validate';
import { clusterRow } from '../../../src/views/explorer';
import { NODES, NOT_READY, fileState, withNode, withNodes } from '../views/states';

const TWO_SERVERS = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
servers:
  nodes:
    - { host: 10.0.0.11, name: server-1 }
    - { host: 10.0.0.12, name: server-2 }
datastore: { type: embedded-etcd }
`;

beforeAll(() => {
  const chinese = catalogues().find(({ language }) => language === 'zh-cn');
  if (chinese === undefined) throw new Error('There is no l10n/zh-cn.json.');
  speak(new Map(Object.entries(flat(chinese))));
});
afterAll(() => speak(undefined));

describe('in Chinese', () => {
  it('a problem of the file and its quick fix', () => {
    const found = validate(TWO_SERVERS).find(({ code }) => code === 'etcd-two-servers');
    expect(found?.message).toBe(
      'server-1 和 server-2 是仅有的两个 etcd 成员，而两个成员相互依赖：任何一个停机，API 就会停止，可用性还不如单个 server 节点。请使用三个 server 节点，或为两个 server 节点配外部数据库。',
    );
    const titles = found === undefined ? [] : fixes(parseDocument(TWO_SERVERS), found.range).map(({ title }) => title);
    expect(titles).toContain('添加 server-3（请填写地址）');
  });

  it('rows of the explorer, with the reasons of nodes cut to what a row has room for', () => {
    const state = withNodes(fileState(), withNode(NODES, 'server-2', NOT_READY));
    const labels = clusterRow(state, 'edge.k3s.yaml').children.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['需要关注', '负载均衡器', '数据存储', 'server 节点', 'agent 节点']));
  });
});
