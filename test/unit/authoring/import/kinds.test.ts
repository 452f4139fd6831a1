import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importCommands } from '../../../../src/core/authoring/import/importCommands';
import { quotedList } from '../../../../src/core/authoring/import/quoted';
import { READERS } from '../../../../src/core/authoring/import/readers/registry';
import { parseDocument } from '../../../../src/core/document/parse';
import { PASTES } from '../../../fuzz/pastes';
import { hostsOf, imported } from '../../../support/imported';

const configOf = (nodes: readonly { readonly config: object }[]): unknown => nodes.map(({ config }) => config);

it('every reader has texts for accidents to happen to', () => {
  const claimed = new Set(PASTES.map((text) => READERS.find((reader) => reader.claims({ text }))?.name));
  expect(READERS.map(({ name }) => name).filter((name) => !claimed.has(name))).toEqual([]);
});

describe('where a command is run', () => {
  it('is told by the comment above it, for each machine that it names', () => {
    const { cluster } = imported(
      '# On 192.168.1.10\ncurl -sfL https://get.k3s.io | sh -s - server --cluster-init --token abc123def456\n# Auf 192.168.1.11 und 192.168.1.12\ncurl -sfL https://get.k3s.io | sh -s - server --server https://192.168.1.10:6443 --token abc123def456\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['192.168.1.10', '192.168.1.11', '192.168.1.12']);
  });

  it('is told by the prompts of several terminals, not by those of one', () => {
    const lines = (second: string): string =>
      `[root@node1 ~]# curl -sfL https://get.k3s.io | K3S_TOKEN=prompt-tok-1 sh -s - server --cluster-init\n${second} curl -sfL https://get.k3s.io | K3S_TOKEN=prompt-tok-1 sh -s - server --server https://node1:6443\n`;
    expect(hostsOf(imported(lines('root@node2:~#')).cluster.servers)).toEqual(['node1', 'node2']);
    expect(hostsOf(imported(lines('root@node1:~#')).cluster.servers)).toEqual(['node1', 'server-2.example.com']);
  });

  it('the numbers of a sentence are machines that join', () => {
    const { cluster } = imported(
      'curl -sfL https://get.k3s.io | K3S_TOKEN=SECRET sh -s - server --cluster-init\n\nAfter launching the first server, join the second and third servers:\n\ncurl -sfL https://get.k3s.io | K3S_TOKEN=SECRET sh -s - server --server https://<ip of server1>:6443\n',
    );
    expect(cluster.servers).toHaveLength(3);
  });

  it.each([
    '# VIP is 192.168.1.100',
    '# replace 192.168.1.50 with your own',
    '# curl http://192.168.1.7/k3s',
    '# cluster network 10.42.0.0/16',
    '# joins 192.168.1.10',
  ])('is not told by %j', (comment) => {
    const { cluster } = imported(
      `${comment}\ncurl -sfL https://get.k3s.io | K3S_TOKEN=abc-def-1 sh -s - agent --server https://192.168.1.10:6443\n`,
    );
    expect(hostsOf(cluster.agents)).toEqual(['agent-1.example.com']);
  });

  it('the words above a block of a page say which machine it is for', () => {
    const { cluster } = imported(
      '/etc/rancher/k3s/config.yaml (server1):\n```yaml\ncluster-init: true\ntoken: fence-token-1\nnode-ip: 10.3.0.1\n```\nconfig.yaml of server2:\n```yaml\nserver: https://10.3.0.1:6443\ntoken: fence-token-1\nnode-ip: 10.3.0.2\n```\n',
    );
    expect([hostsOf(cluster.servers), hostsOf(cluster.agents)]).toEqual([['10.3.0.1', '10.3.0.2'], []]);
  });
});

describe('slips of people', () => {
  it('variables before curl are meant for the script, and told', () => {
    const { cluster, said } = imported(
      'K3S_URL=https://192.168.178.40:6443 K3S_TOKEN=misplaced-tok INSTALL_K3S_EXEC="--node-label rolle=worker" curl -sfL https://get.k3s.io | sh -\n',
    );
    expect(cluster.servers).toEqual([]);
    expect(cluster.agents).toMatchObject([{ config: { 'node-label': ['rolle=worker'] } }]);
    expect(said).toContain(
      'K3S_URL, K3S_TOKEN and INSTALL_K3S_EXEC before curl or wget would not reach the install script',
    );
  });

  it('a founder whose address is left open, where others join at one that is known', () => {
    const { cluster, said } = imported(
      'export IP=$1\nk3sup install --host $IP --user pi --cluster\nk3sup join --host 10.0.0.12 --user pi --server --server-ip 10.0.0.11\nk3sup join --host 10.0.0.21 --user pi --server-ip 10.0.0.11\n',
    );
    expect(cluster.servers.map(({ host }) => host)).toEqual(['10.0.0.11', '10.0.0.12']);
    expect(cluster.agents.map(({ host }) => host)).toEqual(['10.0.0.21']);
    expect(said).toContain('was taken for 10.0.0.11, the address at which other machines join that server.');
    expect(said).not.toContain('is the address of no server');
  });

  it('k3sup install with the flag of k3sup join, which knows the address', () => {
    const { cluster, said } = imported('k3sup install --host $IP --server-ip 10.0.0.11 --user pi\n');
    expect(cluster.servers.map(({ host }) => host)).toEqual(['10.0.0.11']);
    expect(said).toContain('"10.0.0.11" was taken for the address of the machine, where "$IP" stands.');
    const other = imported('k3sup install --host 10.0.0.12 --server-ip 10.0.0.11 --user pi\n');
    expect(other.cluster.servers.map(({ host }) => host)).toEqual(['10.0.0.12']);
    expect(other.said).toContain('"10.0.0.11" was passed over.');
  });

  it('cloud-init of nearly a megabyte, which is too long and no bad YAML', () => {
    const files = '  - path: /etc/x\n    content: "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"\n'.repeat(14_000);
    const text = `#cloud-config\nwrite_files:\n${files}runcmd:\n  - curl -sfL https://get.k3s.io | sh -s - server\n`;
    expect(text.length).toBeGreaterThan(900_000);
    const { notes } = importCommands(parseDocument(''), text);
    expect(notes.join()).toMatch(
      /The cloud-init text is too long to be read: it has \d\.\d million characters\. Import/,
    );
    expect(notes.join()).not.toContain('no YAML');
  });

  it('what is quoted hides values behind the names of secrets, and no words of sentences', () => {
    const said = quotedList([
      'echo "the token is written down, and the secret that you got expires"',
      'tool --token abcdef',
      'password: hunter',
      'JOIN_TOKEN hunter',
      'set password hunter2',
    ]);
    expect(said).toContain('the token is written down, and the secret that you got expires');
    expect(said).not.toMatch(/abcdef|hunter/);
  });

  it('a quote that is never closed, and is told', () => {
    const { cluster, said } = imported(
      '# Erster Server\ncurl -sfL https://get.k3s.io | INSTALL_K3S_EXEC="server --cluster-init --disable traefik sh -\n# zweiter Server\ncurl -sfL https://get.k3s.io | INSTALL_K3S_EXEC="server --server https://192.168.178.10:6443" K3S_TOKEN=geheim4711 sh -\n',
    );
    expect(cluster.servers[0]).toMatchObject({ host: '192.168.178.10', config: { disable: ['traefik'] } });
    expect(cluster.servers).toHaveLength(2);
    expect(said).toContain('A quote is missing in');
  });

  it('the address of MySQL without quotes', () => {
    const { cluster, storeSecrets } = imported(
      'k3sup install --ip=10.7.7.1 --datastore mysql://k3s:sql-pass-9@tcp(10.7.7.9:3306)/k3s --token my-k3sup-token\n',
    );
    expect(cluster.datastore).toMatchObject({ type: 'mysql' });
    expect(Object.values(storeSecrets).sort()).toEqual(['my-k3sup-token', 'sql-pass-9']);
  });

  it('PowerShell: backticks, variables, lists and loops', () => {
    const { cluster } = imported(
      '$server = "10.66.0.10"\r\n$agents = @("10.66.0.11","10.66.0.12")\r\nssh root@$server "curl -sfL https://get.k3s.io | K3S_TOKEN=pstoken123 sh -s - server --cluster-init"\r\nforeach ($a in $agents) {\r\n  ssh root@$a `\r\n    "curl -sfL https://get.k3s.io | K3S_URL=https://${server}:6443 K3S_TOKEN=pstoken123 sh -"\r\n}\r\n',
    );
    expect([hostsOf(cluster.servers), hostsOf(cluster.agents)]).toEqual([['10.66.0.10'], ['10.66.0.11', '10.66.0.12']]);
  });

  it('a file that a shell within a shell writes, and variables that only it has', () => {
    const { cluster, storeSecrets } = imported(
      `sudo bash -c 'cat > /etc/rancher/k3s/config.yaml' << 'EOF'\ntls-san: [k3s.lan]\ncluster-init: true\nEOF\nsudo K3S_TOKEN=inner-token-1 sh -c "curl -sfL https://get.k3s.io | sh -"\n`,
    );
    expect(configOf(cluster.servers)).toMatchObject([{ 'tls-san': ['k3s.lan'] }]);
    expect(storeSecrets).toEqual({ 'imported-token': 'inner-token-1' });
  });

  it('a token that no text tells becomes a reference, and is told; a line of releases is a channel', () => {
    const { cluster, codes, said } = imported(
      'all:\n  hosts:\n    cp1: { ansible_host: 10.4.4.1, k3s_control_node: true }\n    cp2: { ansible_host: 10.4.4.2, k3s_control_node: true }\n    w1: { ansible_host: 10.4.4.3 }\n  vars:\n    k3s_release_version: v1.34\n    k3s_registration_address: 10.4.4.100\n    k3s_server: { datastore-endpoint: "postgres://k3s:PgPass-1!@db.home.arpa:5432/k3s?sslmode=disable" }\n',
    );
    expect(cluster.k3s).toMatchObject({ channel: 'v1.34' });
    expect(cluster.loadBalancer?.address).toBe('10.4.4.100');
    expect(said).toContain('store it as "imported-token"');
    expect(codes).not.toContain('external-db-token-missing');
  });
});

describe('files that say how a machine becomes a node', () => {
  it('Butane: a configuration, a name, a unit', () => {
    const { cluster, storeSecrets, said } = imported(
      'variant: fcos\nversion: 1.5.0\npasswd: { users: [{ name: core }] }\nstorage:\n  files:\n    - path: /etc/rancher/k3s/config.yaml\n      contents:\n        inline: |\n          token: butane-token-55\n          cluster-init: true\n          selinux: true\n    - path: /etc/hostname\n      contents: { inline: fcos-1 }\nsystemd:\n  units:\n    - name: k3s.service\n      contents: |\n        [Service]\n        Environment=K3S_KUBECONFIG_MODE=0600\n        ExecStart=/usr/local/bin/k3s server --flannel-backend=wireguard-native\n',
    );
    expect(cluster.servers).toMatchObject([
      { name: 'fcos-1', config: { selinux: true, 'flannel-backend': 'wireguard-native' } },
    ]);
    expect(cluster.datastore.type).toBe('embedded-etcd');
    expect(storeSecrets).toEqual({ 'imported-token': 'butane-token-55' });
    expect(said).toContain('"passwd: ');
  });

  it('Ignition: data addresses, packed ones too', () => {
    const packed = gzipSync('server: https://10.9.0.5:6443\ntoken: ignition-token-1\n').toString('base64');
    const { cluster, storeSecrets } = imported(
      JSON.stringify({
        ignition: { version: '3.3.0' },
        storage: {
          files: [
            {
              path: '/etc/rancher/k3s/config.yaml',
              contents: { compression: 'gzip', source: `data:;base64,${packed}` },
            },
            { path: '/etc/hostname', contents: { source: 'data:,worker%2D1' } },
          ],
        },
        systemd: {
          units: [
            { name: 'k3s-agent.service', contents: '[Service]\nExecStart=/usr/local/bin/k3s agent --node-label a=b\n' },
          ],
        },
      }),
    );
    expect(cluster.agents).toMatchObject([{ name: 'worker-1', config: { 'node-label': ['a=b'] } }]);
    expect(cluster.loadBalancer?.address).toBe('10.9.0.5');
    expect(storeSecrets).toEqual({ 'imported-token': 'ignition-token-1' });
  });

  it('cloud-init: a file in gz+b64, and one that cannot be read is told', () => {
    const text = 'token: gz-secret-token-1\ncluster-init: true\ntls-san:\n  - 10.6.6.6\n'.repeat(1);
    const cloud = (content: string): string =>
      `#cloud-config\nwrite_files:\n- path: /etc/rancher/k3s/config.yaml\n  encoding: gz+b64\n  content: ${content}\nruncmd:\n- curl -sfL https://get.k3s.io | sh -s - server\n`;
    const { cluster, storeSecrets } = imported(cloud(gzipSync(text).toString('base64')));
    expect(configOf(cluster.servers)).toMatchObject([{ 'tls-san': ['10.6.6.6'] }]);
    expect(storeSecrets).toEqual({ 'imported-token': 'gz-secret-token-1' });
    expect(imported(cloud('H4sIAAAAbroken')).said).toContain('/etc/rancher/k3s/config.yaml is in an encoding (gz+b64)');
  });

  it('Compose and docker run: a service is a machine, the tag is the release', () => {
    const { cluster, said, storeSecrets } = imported(
      "services:\n  server:\n    image: rancher/k3s:v1.35.1-k3s1\n    command: server --cluster-init --tls-san ${VIP:-10.2.2.5}\n    environment:\n      - K3S_TOKEN=compose-token-77\n    ports: ['6443:6443']\n  agent:\n    image: rancher/k3s:v1.35.1-k3s1\n    environment: { K3S_URL: 'https://server:6443', K3S_TOKEN: compose-token-77 }\n    deploy: { replicas: 2 }\n  web: { image: nginx }\n",
    );
    expect(cluster.servers).toMatchObject([{ name: 'server', config: { 'tls-san': ['10.2.2.5'] } }]);
    expect(cluster.agents.map(({ name }) => name)).toEqual(['agent', 'agent-2']);
    expect(cluster.k3s.version).toBe('v1.35.1+k3s1');
    expect(cluster.loadBalancer).toBeUndefined();
    expect(storeSecrets).toEqual({ 'imported-token': 'compose-token-77' });
    expect(said).toMatch(/"ports: .*"web: /s);
    const run = imported(
      'docker run -d --name k3s -p 6443:6443 -e K3S_TOKEN=docker-token-9 rancher/k3s:v1.35.1-k3s1 server --disable traefik\n',
    );
    expect(configOf(run.cluster.servers)).toMatchObject([{ disable: ['traefik'] }]);
    expect(run.said).toContain('docker runs K3s in a container');
  });

  it('NixOS: both ways of writing, comments, lists of flags', () => {
    const { cluster, storeSecrets } = imported(
      '{ config, pkgs, ... }:\n{\n  networking.hostName = "nix-1";\n  services.k3s = {\n    enable = true; role = "server";\n    token = "nixos-token-123"; # not for git\n    clusterInit = true;\n    package = pkgs.k3s_1_34;\n    extraFlags = toString [\n      "--disable traefik" # "--debug"\n      "--tls-san 192.168.7.100"\n    ];\n  };\n}\n',
    );
    expect(cluster.servers).toMatchObject([
      { name: 'nix-1', config: { disable: ['traefik'], 'tls-san': ['192.168.7.100'] } },
    ]);
    expect([cluster.datastore.type, cluster.k3s.channel]).toEqual(['embedded-etcd', 'v1.34']);
    expect(storeSecrets).toEqual({ 'imported-token': 'nixos-token-123' });
    const agent = imported(
      'services.k3s.enable = true;\nservices.k3s.role = "agent";\nservices.k3s.serverAddr = "https://192.168.7.100:6443";\nservices.k3s.tokenFile = "/run/secrets/k3s";\n',
    );
    expect(configOf(agent.cluster.agents)).toMatchObject([{ 'token-file': '/run/secrets/k3s' }]);
    expect(agent.cluster.loadBalancer?.address).toBe('192.168.7.100');
  });

  it('tasks of Ansible: commands, their environment, files, literal loops', () => {
    const { cluster, said, storeSecrets } = imported(
      '- hosts: all\n  vars:\n    k3s_token: tasks-token-1\n  tasks:\n    - apt: { name: curl }\n    - name: config\n      copy:\n        dest: /etc/rancher/k3s/config.yaml\n        content: |\n          tls-san: [10.3.3.100]\n    - name: first\n      shell: curl -sfL https://get.k3s.io | K3S_TOKEN={{ k3s_token }} sh -s - server --cluster-init --node-ip 10.3.3.11\n      when: first\n    - get_url: { url: https://get.k3s.io, dest: /tmp/k3s.sh }\n    - ansible.builtin.command:\n        cmd: sh /tmp/k3s.sh server --node-ip {{ item }}\n      environment: { K3S_URL: "https://10.3.3.11:6443", K3S_TOKEN: "{{ k3s_token }}" }\n      loop: [10.3.3.12, 10.3.3.13]\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.3.3.11', '10.3.3.12', '10.3.3.13']);
    expect(cluster.servers[0]?.config).toMatchObject({ 'tls-san': ['10.3.3.100'] });
    expect(storeSecrets).toEqual({ 'imported-token': 'tasks-token-1' });
    expect(said).toContain('curl');
    expect(said).toContain('(hosts, when) was not read');
  });

  it('a Vagrantfile: machines of a loop with what each runs; what nobody runs plainly is told', () => {
    const { cluster, said } = imported(
      'token = "vagrant-token-1"\nunused = <<-SHELL\n  curl -sfL https://get.k3s.io | sh -s - agent --node-label lost=1\nSHELL\nVagrant.configure("2") do |config|\n  (1..3).each do |i|\n    config.vm.define "cp-#{i}" do |node|\n      node.vm.network "private_network", ip: "192.168.56.#{i + 10}"\n      node.vm.provision "shell", inline: <<-SHELL\n        curl -sfL https://get.k3s.io | K3S_TOKEN=#{token} sh -s - server --flannel-iface eth1\n      SHELL\n    end\n  end\nend\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['192.168.56.11', '192.168.56.12', '192.168.56.13']);
    expect(cluster.servers.map(({ name, ssh }) => [name, ssh.user])).toEqual([
      ['cp-1', 'vagrant'],
      ['cp-2', 'vagrant'],
      ['cp-3', 'vagrant'],
    ]);
    expect(said).toContain('lost=1');
  });

  it('a Makefile, a justfile and a Dockerfile', () => {
    const make = imported(
      "IP := 192.168.50.10\nWORKER ?= 192.168.50.11 # pi\nUSER_NAME = ubuntu\n.PHONY: server agent\nserver:\n\tk3sup install --ip $(IP) --user $(USER_NAME) --k3s-extra-args '--tls-san $(IP)'\nagent: server\n\t@k3sup join --ip $(WORKER) --server-ip $(IP) --user $(USER_NAME)\n",
    );
    expect([hostsOf(make.cluster.servers), hostsOf(make.cluster.agents)]).toEqual([
      ['192.168.50.10'],
      ['192.168.50.11'],
    ]);
    expect(make.cluster.servers[0]).toMatchObject({
      ssh: { user: 'ubuntu' },
      config: { 'tls-san': ['192.168.50.10'] },
    });
    const just = imported([
      { name: 'justfile', text: "ip := '192.168.50.20'\nserver:\n    k3sup install --ip {{ip}} --user pi\n" },
    ]);
    expect(hostsOf(just.cluster.servers)).toEqual(['192.168.50.20']);
    const image = imported(
      'FROM ubuntu:22.04\nENV INSTALL_K3S_VERSION=v1.35.1+k3s1 \\\n    INSTALL_K3S_SKIP_ENABLE=true\nRUN curl -sfL https://get.k3s.io | INSTALL_K3S_EXEC="server --tls-san edge.local" sh -\n',
    );
    expect(image.cluster.k3s.version).toBe('v1.35.1+k3s1');
    expect(configOf(image.cluster.servers)).toMatchObject([{ 'tls-san': ['edge.local'] }]);
  });

  it('a drop-in adds to a list where it says so, and replaces it otherwise', () => {
    const files = (key: string) => [
      { name: 'k3s/config.yaml', text: 'cluster-init: true\ntls-san: [10.8.8.100]\n' },
      { name: 'k3s/config.yaml.d/10-net.yaml', text: `${key}: [k3s.example.net]\nflannel-backend: host-gw\n` },
    ];
    expect(configOf(imported(files('tls-san+')).cluster.servers)).toMatchObject([
      { 'tls-san': ['10.8.8.100', 'k3s.example.net'] },
    ]);
    expect(configOf(imported(files('tls-san')).cluster.servers)).toMatchObject([{ 'tls-san': ['k3s.example.net'] }]);
  });
});

describe('long texts', () => {
  const repeated = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length)).slice(0, size);

  it.each([
    ['here-documents that never end', `Vagrant.configure("2") do |c|\n${repeated('x = <<-SHELL\n k3s\n', 900_000)}`],
    ['the same of Terraform', repeated('resource "a" "b" {\nx = <<EOF\n k3s\n', 900_000)],
    ['a page of thousands of blocks', repeated('On 10.0.0.1\n```\nk3s agent\n```\n', 900_000)],
    ['sets that never end', `{ services.k3s = ${repeated('{ a = "b"; ', 900_000)}`],
    [
      'variables of variables',
      `.PHONY: a\nA0=x\n${Array.from({ length: 9000 }, (_none, i) => `A${i + 1}=$(A${i})$(A${i})`).join('\n')}\na:\n\tk3s server $(A300)\n`,
    ],
    ['recipes', `.PHONY: a\n${repeated('a: b\n\tk3s server $(X)\n', 900_000)}`],
  ])('%s take no time without measure', { timeout: 20_000 }, (_what, text) => {
    const start = performance.now();
    importCommands(parseDocument(''), text);
    // What was quadratic here took a minute; the machine may be ten times as busy as it should be.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('tells what is too long, by what and which part does', () => {
    const long = importCommands(parseDocument(''), repeated('k3s server\n', 1_100_000));
    expect(long.refused).toBe('The text has 1.1 million characters; one million is the most that is imported.');
    const commands = importCommands(parseDocument(''), [
      { name: 'setup.sh', text: repeated('echo k3s\n', 300_000) },
      { name: 'config.yaml', text: 'cluster-init: true\n' },
    ]);
    expect(commands.notes.join()).toContain('setup.sh has 300000 characters, and 200000 are the most');
    expect(commands.edits).not.toEqual([]);
  });
});

describe('what runs a command elsewhere, or again', () => {
  it('lines that are read one by one, several hosts at once, containers with numbers', () => {
    const lines = imported(
      'while read -r ip name; do\n  ssh -n root@$ip "curl -sfL https://get.k3s.io | K3S_URL=https://10.8.1.1:6443 K3S_TOKEN=while-token-1 sh -s - --node-name $name"\ndone <<EOF\n10.8.1.11 w-1\n10.8.1.12 w-2\nEOF\n',
    );
    expect(lines.cluster.agents).toMatchObject([
      { host: '10.8.1.11', name: 'w-1' },
      { host: '10.8.1.12', name: 'w-2' },
    ]);
    const several = imported(
      `parallel-ssh -H "10.0.1.1 10.0.1.2" -l root 'curl -sfL https://get.k3s.io | K3S_URL=https://10.0.1.10:6443 K3S_TOKEN=pssh-token-1 sh -'\n`,
    );
    expect(hostsOf(several.cluster.agents)).toEqual(['10.0.1.1', '10.0.1.2']);
    const containers = imported(
      'pct exec 101 -- bash -c "curl -sfL https://get.k3s.io | K3S_TOKEN=lxc-token-5 sh -s - server --cluster-init --node-ip 10.0.9.101"\n',
    );
    expect(hostsOf(containers.cluster.servers)).toEqual(['10.0.9.101']);
  });

  it('what is tried until it works; an answer of another address is not known', () => {
    const { cluster, said, text } = imported(
      'IP=$(curl -s http://169.254.169.254/latest/meta-data/local-ipv4)\nuntil (curl -sfL https://get.k3s.io | K3S_TOKEN="ud-token-1234" sh -s - server --cluster-init --node-ip ${IP} --tls-san k3s.internal.corp); do\n  sleep 2\ndone\n',
    );
    expect(configOf(cluster.servers)).toMatchObject([{ 'tls-san': ['k3s.internal.corp'] }]);
    expect(said).toContain('node-ip had a placeholder');
    expect(text).not.toContain('169.254');
  });

  it('the environment file of the unit, and scripts that take K3s away', () => {
    const { cluster, said } = imported(
      "/usr/local/bin/k3s-uninstall.sh\ncat > /etc/systemd/system/k3s.service.env <<EOF\nK3S_DATASTORE_ENDPOINT='https://10.5.5.1:2379,https://10.5.5.2:2379,https://10.5.5.3:2379'\nK3S_TOKEN=etcdEnvToken\nEOF\ncurl -sfL https://get.k3s.io | sh -s - server --tls-san 10.5.5.100\n",
    );
    expect(cluster.servers).toHaveLength(1);
    expect(cluster.datastore.type).toBe('etcd');
    expect(said).toContain('k3s-uninstall.sh');
  });

  it('titles without a block around their configurations', () => {
    const { cluster } = imported(
      'Server 1 config.yaml:\ntoken: prose-tok-1\ncluster-init: true\n\nServer 2 and 3 config.yaml:\ntoken: prose-tok-1\nserver: https://10.2.0.1:6443\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.2.0.1', 'server-2.example.com', 'server-3.example.com']);
  });
});
