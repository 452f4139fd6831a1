import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/core/base/text';
import { parseDocument } from '../../../../src/core/document/parse';
import { readConfigFile } from '../../../../src/core/authoring/import/configFile';
import { importCommands, type ImportedCommands } from '../../../../src/core/authoring/import/importCommands';
import { looksLikeInstallCommand } from '../../../../src/core/authoring/import/importTexts';
import { validate } from '../../../../src/core/language/validate';
import { normalise } from '../../../../src/core/cluster/normalise';

function run(pasted: string, text = ''): ImportedCommands & { text: string; codes: string[] } {
  const imported = importCommands(parseDocument(text), pasted);
  const after = applyEdits(text, imported.edits);
  expect(parseDocument(after).syntaxProblems).toEqual([]);
  const again = importCommands(parseDocument(after), pasted);
  expect(again.edits, 'importing again changes nothing').toEqual([]);
  for (const secret of Object.values(imported.storeSecrets)) {
    if (secret.length > 8) expect([after, ...imported.done, ...imported.notes].join('\n')).not.toContain(secret);
  }
  return { ...imported, text: after, codes: validate(after).map(({ code }) => code) };
}
const clusterOf = (text: string) => normalise(parseDocument(text).data);

/** The commands of five tutorials, as they stand there. */
describe('tutorials', () => {
  const MIRROR = '$ curl -sfL http://rancher-mirror.cnrancher.com/k3s/k3s-install.sh | \\\n    INSTALL_K3S_MIRROR=cn';

  it('a server with a MySQL endpoint that lacks tcp()', () => {
    const { text, codes, notes } = run(
      `${MIRROR} sh - server \\\n    --datastore-endpoint="mysql://root:password@ip:3306/k3s" \\\n    --tls-san 1.2.3.4\n`,
    );
    const cluster = clusterOf(text);
    expect(cluster.datastore).toMatchObject({
      type: 'mysql',
      endpoint: 'mysql://root:${secret:imported-db-password}@ip:3306/k3s',
    });
    expect(cluster.servers[0]?.config['tls-san']).toEqual(['1.2.3.4']);
    expect(cluster.k3s.install).toMatchObject({
      scriptUrl: 'http://rancher-mirror.cnrancher.com/k3s/k3s-install.sh',
      env: { INSTALL_K3S_MIRROR: 'cn' },
    });
    expect(codes).toEqual(
      expect.arrayContaining(['mysql-endpoint-missing-tcp', 'script-host-retired', 'sql-two-servers-minimum']),
    );
    expect(notes.join()).toContain('replace server-1.example.com by its address');
  });

  it('agents by URL, with an id or a name of their own, and by k3s agent', () => {
    const { text, storeSecrets } = run(
      `${MIRROR} K3S_URL=https://fixed-registration-address:6443 \\\n    K3S_TOKEN=xxx sh -s - --with-node-id\n\n${MIRROR} K3S_URL=https://fixed-registration-address:6443 \\\n    K3S_TOKEN=xxx sh -s - --node-name k3s2\nK3S_TOKEN=xxx k3s agent --server https://fixed-registration-address:6443\n`,
    );
    const cluster = clusterOf(text);
    expect(cluster.loadBalancer?.address).toBe('fixed-registration-address');
    expect(cluster.token).toBe('${secret:imported-token}');
    expect(storeSecrets).toEqual({ 'imported-token': 'xxx' });
    expect(cluster.agents).toHaveLength(3);
    expect(cluster.agents[0]?.config['with-node-id']).toBe(true);
    expect(cluster.agents[1]?.name).toBe('k3s2');
  });

  it('external etcd by exported variables, for a server and then for an agent', () => {
    const { text } = run(
      "export K3S_DATASTORE_ENDPOINT='https://10.0.0.60:2379,https://10.0.0.61:2379,https://10.0.0.62:2379'\nexport K3S_DATASTORE_CAFILE='/etc/etcd/etcd-ca.crt'\nexport K3S_DATASTORE_CERTFILE='/etc/etcd/server.crt'\nexport K3S_DATASTORE_KEYFILE='/etc/etcd/server.key'\nexport K3S_TOKEN=\"secret_edgecluster_token\"\ncurl  -sfL https://get.k3s.io | sh -\n",
    );
    expect(clusterOf(text).datastore).toMatchObject({
      type: 'etcd',
      endpoint: 'https://10.0.0.60:2379,https://10.0.0.61:2379,https://10.0.0.62:2379',
      caFile: '/etc/etcd/etcd-ca.crt',
      certFile: '/etc/etcd/server.crt',
      keyFile: '/etc/etcd/server.key',
    });
    const agent = run(
      'export K3S_TOKEN="secret_edgecluster_token"\nexport K3S_URL=https://10.0.0.60:6443\ncurl  -sfL https://get.k3s.io | sh -\n',
      text,
    );
    expect(clusterOf(agent.text).agents).toHaveLength(1);
    expect(agent.storeSecrets).toEqual({ 'imported-token': 'secret_edgecluster_token' });
  });

  it('SLB and RDS: the same server again with --tls-san', () => {
    const command =
      "curl -sfL https://docs.rancher.cn/k3s/k3s-install.sh |  \\\n\tINSTALL_K3S_MIRROR=cn \\\n\tK3S_DATASTORE_ENDPOINT='mysql://ksd:your_password@tcp(rm-2ze64ke7q33bkq3yt.mysql.rds.aliyuncs.com:3306)/k3s' \\\n\tsh -s - server";
    const first = run(`${command}\n`);
    const { text, storeSecrets } = run(`${command} \\\n\t--tls-san 39.106.185.201\n`, first.text);
    expect(clusterOf(text).servers).toHaveLength(1);
    expect(clusterOf(text).servers[0]?.config['tls-san']).toEqual(['39.106.185.201']);
    expect(storeSecrets).toEqual({ 'imported-db-password': 'your_password' });
  });

  it('a server of the K3s documentation and an agent', () => {
    const { text } = run(
      'curl -sfL https://get.k3s.io | sh -s - server \\\n  --datastore-endpoint="mysql://username:password@tcp(hostname:3306)/database-name"\nK3S_TOKEN=SECRET k3s agent --server https://fixed-registration-address:6443\n',
    );
    const cluster = clusterOf(text);
    expect(cluster.datastore.endpoint).toBe(
      'mysql://username:${secret:imported-db-password}@tcp(hostname:3306)/database-name',
    );
    expect(cluster.k3s.install.scriptUrl).toBe('https://get.k3s.io');
    expect([cluster.servers.length, cluster.agents.length]).toEqual([1, 1]);
  });

  it('an offline installation with INSTALL_K3S_EXEC, the tag of the image and placeholders', () => {
    const { text, notes, codes } = run(
      "K3S_TOKEN='4807365324ccbdae8410b34724f3320a' INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_EXEC='server  --tls-san [本机ip] --node-external-ip [本机ip] --docker --cluster-cidr 10.42.0.0/16 --cluster-init' INSTALL_K3S_VERSION='v1.19.5-k3s2' ./install.sh\n",
    );
    const cluster = clusterOf(text);
    expect(cluster.k3s.version).toBe('v1.19.5+k3s2');
    expect(cluster.datastore.type).toBe('embedded-etcd');
    expect(cluster.servers[0]?.config).toMatchObject({ docker: true, 'cluster-cidr': ['10.42.0.0/16'] });
    expect(notes.join('\n')).toMatch(/v1\.19\.5-k3s2 means is v1\.19\.5\+k3s2/);
    expect(notes.join('\n')).toMatch(/tls-san had a placeholder/);
    expect(codes).toContain('docker-runtime');
  });

  it('AutoK3s with its machines', () => {
    const { text } = run(
      "autok3s create --provider native --cluster --k3s-channel stable --k3s-install-script http://192.168.10.201:31080/install.sh --k3s-version v1.19.5+k3s2 --master-extra-args '--docker' --name test --ssh-key-path ~/.ssh/id_rsa --ssh-port 22088 --ssh-user root --worker-extra-args '--docker' --master-ips 192.168.10.205 --worker-ips 192.168.10.213\n",
    );
    const cluster = clusterOf(text);
    expect(cluster).toMatchObject({
      name: 'test',
      k3s: {
        version: 'v1.19.5+k3s2',
        channel: 'stable',
        install: { scriptUrl: 'http://192.168.10.201:31080/install.sh' },
      },
    });
    expect(cluster.servers.map(({ host, ssh, config }) => [host, ssh.user, ssh.port, config['docker']])).toEqual([
      ['192.168.10.205', 'root', 22088, true],
    ]);
    expect(cluster.agents.map(({ host, config }) => [host, config['docker']])).toEqual([['192.168.10.213', true]]);
  });
});

describe('other tools', () => {
  it('k3sup: three servers and an agent', () => {
    const { text, codes } = run(
      "k3sup install --ip 10.0.0.11 --user ubuntu --cluster --k3s-version v1.36.3+k3s1 --tls-san 10.0.0.100 --k3s-extra-args '--disable traefik'\nk3sup join --ip 10.0.0.12 --user ubuntu --server-ip 10.0.0.11 --server --k3s-version v1.36.3+k3s1 --k3s-extra-args '--disable traefik'\nk3sup join --ip 10.0.0.13 --user ubuntu --server-ip 10.0.0.11 --server --k3s-version v1.36.3+k3s1 --k3s-extra-args '--disable traefik'\nk3sup join --ip 10.0.1.11 --user ubuntu --server-ip 10.0.0.11\n",
    );
    const cluster = clusterOf(text);
    expect(cluster.servers.map(({ host }) => host)).toEqual(['10.0.0.11', '10.0.0.12', '10.0.0.13']);
    expect(cluster.agents.map(({ host }) => host)).toEqual(['10.0.1.11']);
    expect(cluster.datastore.type).toBe('embedded-etcd');
    expect(parseDocument(text).data).toMatchObject({
      servers: { config: { disable: ['traefik'] } },
      ssh: { user: 'ubuntu' },
    });
    expect(codes).toContain('agent-single-registration');
  });

  it('what a web page does to a command', () => {
    const { text } = run(
      '[root@node ~]# curl -sfL https://get.k3s.io | sh -s - server \u2013\u2013cluster-init \u2014tls-san \u201c10.0.0.100\u201d &amp;&amp; echo done # start\n',
    );
    expect(clusterOf(text).datastore.type).toBe('embedded-etcd');
  });

  it('says what it does not know', () => {
    const { notes } = run('k3s server --frobnicate 7 --cluster-init stray\n');
    expect(notes.join('\n')).toMatch(/--frobnicate is no option of K3s/);
    expect(notes.join('\n')).toMatch(/"stray" was passed over/);
  });
});

describe('a configuration file of K3s', () => {
  it('that a tutorial lets the shell write belongs to the command below', () => {
    const { text, notes } = run(
      'sudo mkdir -p /etc/rancher/k3s\ncat <<EOF | sudo tee /etc/rancher/k3s/config.yaml\ntoken: 2cf24dba5fb0a30e26e8\ntls-san:\n  - 10.0.0.100\n  - k3s.example.com\nwrite-kubeconfig-mode: "0644"\ncluster-init: true\nmax-pods: 200\nEOF\ncurl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.36.3+k3s1 sh -s - server --write-kubeconfig-mode 0600\n',
    );
    const cluster = clusterOf(text);
    expect(cluster.servers).toHaveLength(1);
    expect(cluster.servers[0]?.config).toMatchObject({
      'tls-san': ['10.0.0.100', 'k3s.example.com'],
      'write-kubeconfig-mode': '0600',
    });
    expect(cluster).toMatchObject({
      token: '${secret:imported-token}',
      datastore: { type: 'embedded-etcd' },
      k3s: { version: 'v1.36.3+k3s1' },
    });
    expect(notes.join('\n')).toMatch(/max-pods is no option of K3s/);
  });

  it('alone is one machine, whose role its options tell', () => {
    expect(
      clusterOf(run('disable: [traefik, servicelb]\nflannel-backend: wireguard-native\nnode-ip: 10.0.0.11\n').text)
        .servers,
    ).toMatchObject([
      { host: '10.0.0.11', config: { disable: ['traefik', 'servicelb'], 'flannel-backend': 'wireguard-native' } },
    ]);
    const agent = run('server: https://10.0.0.100:6443\ntoken: 2cf24dba5fb0a30e26e8\nnode-label+:\n  - disk=ssd\n');
    expect(clusterOf(agent.text)).toMatchObject({
      loadBalancer: { address: '10.0.0.100' },
      agents: [{ config: { 'node-label': ['disk=ssd'] } }],
    });
    expect(agent.notes.join('\n')).toMatch(/taken for that of an agent/);
  });

  it.each([
    'apiVersion: v1\nkind: Config\nclusters: []\n',
    'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: a}\ntoken: x\nservers: {}\n',
    '- tls-san\n',
    'tls-san: [a\n',
    '',
  ])('is not %j', (text) => expect(readConfigFile(text)).toBeUndefined());
});

describe('an existing file', () => {
  const FILE =
    '# Ours.\napiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge} # the edge\nk3s: {version: v1.35.7+k3s1}\ntoken: ${secret:ours}\nservers:\n  # The first rack.\n  nodes:\n    - host: 10.0.0.11\n      name: server-1\n';

  it('keeps its values and comments, and says so', () => {
    const { text, notes, storeSecrets } = run(
      'curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.36.3+k3s1 K3S_TOKEN=other-token-1234 sh -s - server --node-ip 10.0.0.12 --tls-san k3s.example.com\n',
      FILE,
    );
    expect(text).toContain('# Ours.');
    expect(text).toContain('# The first rack.');
    expect(clusterOf(text)).toMatchObject({ k3s: { version: 'v1.35.7+k3s1' }, token: '${secret:ours}' });
    expect(clusterOf(text).servers.map(({ host }) => host)).toEqual(['10.0.0.11', '10.0.0.12']);
    expect(notes.join('\n')).toMatch(/K3s v1\.36\.3\+k3s1: the file has another value/);
    expect(Object.keys(storeSecrets)).toEqual(['edge-token']);
  });

  it('changes nothing for a text without commands', () => {
    expect(importCommands(parseDocument(FILE), 'K3s is a small Kubernetes.')).toMatchObject({
      edits: [],
      done: [],
      notes: [],
      storeSecrets: {},
    });
  });
});

describe('recognition', () => {
  it.each([
    'curl -sfL https://get.k3s.io | sh -',
    'curl -sfL https://get.k3s.io |  \\\n\tINSTALL_K3S_MIRROR=cn \\\n\tsh -s - server',
    'k3s agent --server https://a:6443',
    'sudo k3s server --cluster-init',
    'K3S_TOKEN=x k3s server',
    'k3sup install --ip 1.2.3.4',
    'cat > /etc/rancher/k3s/config.yaml <<EOF\ncluster-init: true\nEOF',
    "K3S_TOKEN='x' INSTALL_K3S_EXEC='server' ./install.sh",
  ])('%j is a command', (text) => expect(looksLikeInstallCommand(text)).toBe(true));
  it.each([
    '',
    'servers:\n  nodes:\n    - host: a\n',
    'Run k3s server on the first machine.',
    'curl https://example.com | sh',
    'kubectl get nodes',
    '# the k3s agent needs a token',
    'token: k3s server',
  ])('%j is none', (text) => expect(looksLikeInstallCommand(text)).toBe(false));
});
