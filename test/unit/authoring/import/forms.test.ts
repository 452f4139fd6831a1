import { describe, expect, it } from 'vitest';
import { hostsOf, imported } from '../../../support/imported';

const optionsOf = (nodes: readonly { readonly config: object }[]): unknown => nodes[0]?.config;

describe('what a shell does', () => {
  it('a loop over a list in a variable, through ssh with a login', () => {
    const { cluster, storeSecrets } = imported(
      `#!/bin/bash\nset -e\nHOSTS="10.1.0.11 10.1.0.12 10.1.0.13"\nTOKEN=\${TOKEN:-loop-token-1234}\nfor ip in $HOSTS; do\n  ssh -i ~/.ssh/ops -p 2200 "ops@$ip" "curl -sfL https://get.k3s.io | K3S_TOKEN=$TOKEN sh -s - server --server https://10.1.0.11:6443"\ndone\n`,
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.1.0.11', '10.1.0.12', '10.1.0.13']);
    expect(cluster.servers[0]?.ssh).toMatchObject({ user: 'ops', port: 2200, identityFiles: ['~/.ssh/ops'] });
    expect(storeSecrets).toEqual({ 'imported-token': 'loop-token-1234' });
    expect(cluster.loadBalancer).toBeUndefined();
  });

  it('functions, numbers of seq and braces', () => {
    const { cluster } = imported(
      'join() {\n  local role=$2\n  k3sup join --ip "$1" --server-ip 10.2.0.1 --user pi $role\n}\nk3sup install --ip 10.2.0.1 --user pi --cluster\nfor n in $(seq 2 3); do join "10.2.0.$n" --server; done\nfor n in {11..12}; do join "10.2.0.$n"; done\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.2.0.1', '10.2.0.2', '10.2.0.3']);
    expect(hostsOf(cluster.agents)).toEqual(['10.2.0.11', '10.2.0.12']);
  });

  it('text that tee appends, and an unquoted here-document with variables', () => {
    const { cluster } = imported(
      "VIP=10.3.0.100\nsudo tee /etc/rancher/k3s/config.yaml > /dev/null <<EOF\ntls-san: [$VIP]\ncluster-init: true\nEOF\nprintf 'node-ip: %s\\n' 10.3.0.11 | sudo tee -a /etc/rancher/k3s/config.yaml\ncurl -sfL https://get.k3s.io | sh -s - server\n",
    );
    expect(cluster.servers).toMatchObject([{ host: '10.3.0.11', config: { 'tls-san': ['10.3.0.100'] } }]);
    expect(cluster.datastore.type).toBe('embedded-etcd');
  });

  it('prompts, continued lines of a terminal, dashes and quotes of a page', () => {
    const { cluster } = imported(
      'pi@node1:~ $ curl -sfL https://get.k3s.io | K3S_TOKEN=SECRET123456 sh -s - server \\\n> \u2014cluster-init \\\n> \u2013\u2013tls-san=\u201cvip.example.com\u201d\npi@node1:~ $ sudo systemctl status k3s\n',
    );
    expect(optionsOf(cluster.servers)).toMatchObject({ 'tls-san': ['vip.example.com'] });
    expect(cluster.datastore.type).toBe('embedded-etcd');
  });

  it('prose around commands is told and stops nothing', () => {
    const { cluster, said } = imported(
      "It doesn't matter (really) which one you take.\n\n1. On the first server:\n\n   $ curl -sfL https://get.k3s.io | sh -s - server --cluster-init\n\n2. That's all; enjoy your cluster\n",
    );
    expect(cluster.servers).toHaveLength(1);
    expect(said).toContain("doesn't matter (really)");
    expect(said).toContain("That's all");
  });

  it('both branches of a decision, which is told', () => {
    const { cluster, said } = imported(
      'if [ "$ROLE" = server ]; then\n  curl -sfL https://get.k3s.io | sh -s - server --cluster-init\nelse\n  curl -sfL https://get.k3s.io | K3S_URL=https://10.4.0.1:6443 K3S_TOKEN=abc-def-123 sh -\nfi\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.4.0.1']);
    expect(cluster.agents).toHaveLength(1);
    expect(said).toContain('all branches were read');
  });

  it('a literal dollar sign is no variable', () => {
    const { storeSecrets } = imported(
      "curl -sfL https://get.k3s.io | K3S_TOKEN='pa$$word-1' sh -s - server --cluster-init",
    );
    expect(storeSecrets).toEqual({ 'imported-token': 'pa$$word-1' });
  });
});

describe('how K3s is installed', () => {
  it.each([
    [
      'a script that was fetched before',
      'curl -sfLo k3s.sh https://get.k3s.io && chmod +x k3s.sh\nsudo INSTALL_K3S_EXEC="server --cluster-init" bash ./k3s.sh',
    ],
    ['the output of curl as an argument', 'sh -c "$(curl -fsSL https://get.k3s.io)" -- server --cluster-init'],
    ['process substitution', 'sudo bash <(curl -sfL https://get.k3s.io) server --cluster-init'],
    ['cat', 'cat install.sh | INSTALL_K3S_SKIP_DOWNLOAD=true sh -s - server --cluster-init'],
    [
      'wget of a mirror',
      'wget -qO- https://rancher-mirror.rancher.cn/k3s/k3s-install.sh | INSTALL_K3S_MIRROR=cn sh -s - server --cluster-init',
    ],
    [
      'another binary with a flag before the command',
      'sudo nohup ./k3s-arm64 --debug server --cluster-init > k3s.log 2>&1 &',
    ],
    [
      'a pipe without its backslash',
      'curl -sfL https://get.k3s.io |\n  INSTALL_K3S_EXEC="--cluster-init"\n  sh -s - server',
    ],
    [
      'a script of one’s own mirror',
      'curl http://10.0.0.5/install.sh | INSTALL_K3S_ARTIFACT_URL=http://10.0.0.5/ sh -s - server --cluster-init',
    ],
  ])('%s', (_name, text) => {
    const { cluster } = imported(text);
    expect(cluster.servers).toHaveLength(1);
    expect(cluster.datastore.type).toBe('embedded-etcd');
  });

  it.each([
    'curl -sLS https://get.k3sup.dev | sh',
    'curl -sS https://rancher-mirror.rancher.cn/autok3s/install.sh | INSTALL_AUTOK3S_MIRROR=cn sh',
    'curl -fsSL https://get.docker.com | sh',
    'k3s kubectl get nodes',
  ])('%s sets up no K3s', (text) => expect(imported(text)).toMatchObject({ edits: [], notes: [] }));

  it('options of old releases get their names of today', () => {
    const { cluster, said } = imported(
      'k3s server --no-deploy traefik --no-deploy servicelb --cluster-secret old-secret-99 --no-flannel',
    );
    expect(optionsOf(cluster.servers)).toMatchObject({ disable: ['traefik', 'servicelb'], 'flannel-backend': 'none' });
    expect(cluster.token).toBe('${secret:imported-token}');
    expect(said).toContain('taken over as flannel-backend: none');
  });

  it('variables that no command uses', () => {
    const { cluster, storeSecrets, said } = imported(
      "K3S_TOKEN='env-token-1'\nK3S_DATASTORE_ENDPOINT='postgres://k3s:dbpass99@10.0.0.9:5432/k3s'\n",
    );
    expect(cluster).toMatchObject({ token: '${secret:imported-token}', datastore: { type: 'postgres' } });
    expect(storeSecrets).toMatchObject({ 'imported-db-password': 'dbpass99' });
    expect(said).toContain('No command uses K3S_TOKEN, K3S_DATASTORE_ENDPOINT');
  });
});

describe('whom machines join', () => {
  it('a port of the URL stays, at a server and in front of them', () => {
    const server = imported(
      'k3s server --cluster-init --node-ip 10.5.0.1\nk3s agent --server https://10.5.0.1:7443 --token abc-123-def',
    );
    expect(optionsOf(server.cluster.servers)).toMatchObject({ 'https-listen-port': 7443 });
    expect(server.cluster.loadBalancer).toBeUndefined();
    const front = imported('k3s agent --server https://k3s.example.com:7443 --token abc-123-def');
    expect(front.cluster.loadBalancer).toMatchObject({ address: 'k3s.example.com', port: 7443 });
    expect(front.cluster.servers).toEqual([]);
    expect(front.said).toContain('joins the cluster at https://k3s.example.com:7443');
  });

  it('a server alone that joins is never the first one', () => {
    for (const text of [
      'server: https://[fd00::5]:6443\ntoken: abc-def-12345\ntls-san: [a.example.com]\n',
      'curl -sfL https://get.k3s.io | K3S_URL=https://[fd00::5]:6443 K3S_TOKEN=abc-def-12345 sh -s - server',
    ]) {
      const { cluster, said } = imported(text);
      expect(hostsOf(cluster.servers)).toEqual(['fd00::5', 'server-2.example.com']);
      expect(said).toContain('joins the cluster at https://[fd00::5]:6443');
    }
  });

  it('an address that the certificates name is in front of several servers', () => {
    const { cluster } = imported(
      'k3s server --cluster-init --tls-san 10.6.0.100 --node-ip 10.6.0.1\nk3s server --server https://10.6.0.100:6443 --tls-san 10.6.0.100 --node-ip 10.6.0.2\nk3s agent --server https://10.6.0.100:6443\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.6.0.1', '10.6.0.2']);
    expect(cluster.loadBalancer?.address).toBe('10.6.0.100');
  });

  it('k3sup join alone: its server is a server', () => {
    const { cluster } = imported('k3sup join --ip 10.7.0.9 --server-ip 10.7.0.1 --server --no-extras --user root');
    expect(hostsOf(cluster.servers)).toEqual(['10.7.0.1', '10.7.0.9']);
    expect(cluster.loadBalancer).toBeUndefined();
  });
});

describe('configurations', () => {
  it('documents, each for the machines that its comment names', () => {
    const { cluster } = imported(
      '# server 1\nnode-ip: 10.8.0.11\ncluster-init: true\ntoken: aaa-bbb-ccc\n---\n# servers 2-3\nserver: https://10.8.0.11:6443\ntoken: aaa-bbb-ccc\n---\n# agents 1, 2 and 3\nserver: https://10.8.0.11:6443\ntoken: aaa-bbb-ccc\nnode-label: [tier=worker]\n',
    );
    expect(cluster.servers).toHaveLength(3);
    expect(cluster.agents).toHaveLength(3);
    expect(optionsOf(cluster.agents)).toMatchObject({ 'node-label': ['tier=worker'] });
  });

  it('files of their own, whose names tell the role, and drop-ins', () => {
    const { cluster } = imported([
      { name: 'server-1/config.yaml', text: 'cluster-init: true\nnode-ip: 10.9.0.1\ntoken: aaa-bbb-ccc\n' },
      { name: 'worker.yaml', text: 'server: https://10.9.0.1:6443\ntoken: aaa-bbb-ccc\n' },
    ]);
    expect([hostsOf(cluster.servers), cluster.agents.length]).toEqual([['10.9.0.1'], 1]);
    const dropped = imported([
      { name: 'config.yaml', text: 'disable: [traefik]\nnode-ip: 10.9.0.1\n' },
      { name: 'config.yaml.d/20-san.yaml', text: 'tls-san: [b.example.com]\n' },
      { name: 'config.yaml.d/10-san.yaml', text: 'tls-san: [a.example.com]\nwrite-kubeconfig-mode: "0640"\n' },
    ]);
    expect(optionsOf(dropped.cluster.servers)).toMatchObject({
      disable: ['traefik'],
      'tls-san': ['b.example.com'],
      'write-kubeconfig-mode': '0640',
    });
  });

  it('below the commands of a page, each for the next command', () => {
    const { cluster, said } = imported(
      'On server 1:\n\ncluster-init: true\ntoken: "my-long-shared-token"\ntls-san:\n  # the address in front\n  - 10.3.0.100\n\ncurl -sfL https://get.k3s.io | sh -s - server\n\nand on the second one:\n\ntoken: "my-long-shared-token"\nserver: https://10.3.0.11:6443\ntls-san:\n  - 10.3.0.100\n\ncurl -sfL https://get.k3s.io | sh -s - server\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.3.0.11', 'server-2.example.com']);
    expect(cluster.servers[1]?.config).toMatchObject({ 'tls-san': ['10.3.0.100'] });
    expect(said).toContain('"and on the second one:"');
  });

  it('secrets in lists, addresses and several endpoints', () => {
    const { text, storeSecrets } = imported(
      'agent-token: [list-secret-1]\netcd-s3-proxy: http://bob:proxy-secret@proxy:3128\nkube-apiserver-arg:\n  - audit-webhook=https://hook:hook-secret@audit.example.com\ndatastore-endpoint: nats://k3s:nats-secret@a:4222,nats://k3s:nats-secret@b:4222\nvpn-auth: name=tailscale,joinKey=tskey-abcdef99,extraArgs=--ssh\n',
    );
    expect(Object.values(storeSecrets).sort()).toEqual([
      'hook-secret',
      'list-secret-1',
      'nats-secret',
      'proxy-secret',
      'tskey-abcdef99',
    ]);
    expect(text).toContain('extraArgs=--ssh');
  });
});

describe('units', () => {
  it('an agent with variables, one of them with a password', () => {
    const { cluster, said, storeSecrets } = imported(
      "[Unit]\nDescription=Lightweight Kubernetes\n[Service]\nType=exec\nEnvironment=\"K3S_TOKEN=unit-token-0987\" 'K3S_URL=https://10.5.0.1:8443'\nEnvironment=HTTPS_PROXY=http://bob:hunter22@proxy:3128\nExecStartPost=/usr/local/bin/notify\nExecStart=/usr/local/bin/k3s agent --node-ip 10.5.0.7 \\\n  --node-taint 'gpu=true:NoSchedule'\n",
    );
    expect(cluster.agents).toMatchObject([{ host: '10.5.0.7', config: { 'node-taint': ['gpu=true:NoSchedule'] } }]);
    expect(cluster.loadBalancer).toMatchObject({ address: '10.5.0.1', port: 8443 });
    expect(storeSecrets).toMatchObject({
      'imported-token': 'unit-token-0987',
      'imported-https-proxy-password': 'hunter22',
    });
    expect(said).toContain('"ExecStartPost=/usr/local/bin/notify"');
  });

  it('a unit and its environment file', () => {
    const { cluster } = imported([
      {
        name: 'k3s.service',
        text: '[Service]\nExecStart=/usr/local/bin/k3s server --cluster-init --node-name=alpha\n',
      },
      { name: 'k3s.service.env', text: 'K3S_TOKEN=env-file-token\n' },
    ]);
    expect(cluster.servers).toMatchObject([{ name: 'alpha' }]);
    expect(cluster.token).toBe('${secret:imported-token}');
  });
});
