import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { READERS } from '../../../../src/core/authoring/import/readers/registry';
import { hostsOf, imported } from '../../../support/imported';

const READERS_FOLDER = join(import.meta.dirname, '../../../../src/core/authoring/import/readers');

it('every reader is a file of its folder, and in the registry once', async () => {
  const files = globSync('*.ts', { cwd: READERS_FOLDER })
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'reader' && name !== 'registry');
  const readers = await Promise.all(
    files.map(async (name) => ((await import(join(READERS_FOLDER, `${name}.ts`))) as Record<string, unknown>)[name]),
  );
  expect(new Set(readers)).toEqual(new Set(READERS));
  expect(READERS).toHaveLength(files.length);
});

describe('cloud-init', () => {
  it('an agent: files in Base64, registries, a user, a name, and commands as lists', () => {
    const { cluster, said, storeSecrets } = imported(
      `#cloud-config\nfqdn: agent-7.example.net\nusers:\n  - default\n  - name: deploy\nwrite_files:\n  - path: /etc/rancher/k3s/config.yaml\n    encoding: b64\n    content: ${Buffer.from('server: https://10.6.0.100:6443\ntoken: b64-token-12345\nnode-label:\n  - role=gpu\n').toString('base64')}\n  - path: /etc/rancher/k3s/registries.yaml\n    content: |\n      configs:\n        "reg.local:5000":\n          auth: { username: bot, password: regpass-777 }\n  - path: /etc/motd\n    content: hello\nruncmd:\n  - [ sh, -c, "curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.36.3+k3s1 sh -s - agent" ]\nntp: { enabled: true }\n`,
    );
    expect(cluster.agents).toMatchObject([
      { host: 'agent-7.example.net', name: 'agent-7', ssh: { user: 'deploy' }, config: { 'node-label': ['role=gpu'] } },
    ]);
    expect(cluster.servers).toEqual([]);
    expect(cluster.loadBalancer?.address).toBe('10.6.0.100');
    expect(cluster.k3s.version).toBe('v1.36.3+k3s1');
    expect(Object.values(storeSecrets).sort()).toEqual(['b64-token-12345', 'regpass-777']);
    expect(said).toContain('/etc/motd');
    expect(said).toContain('"ntp"');
  });

  it('user data of Terraform: variables are told, texts of provisioners are commands', () => {
    const { cluster, said, storeSecrets } = imported([
      {
        name: 'main.tf',
        text: 'resource "hcloud_server" "master" {\n  count     = 3\n  user_data = <<-EOT\n    #cloud-config\n    runcmd:\n      - curl -sfL https://get.k3s.io | K3S_TOKEN=${var.k3s_token} sh -s - server --cluster-init --tls-san=${hcloud_lb.ip} --flannel-iface=ens10\n  EOT\n}\nresource "null_resource" "agent" {\n  provisioner "remote-exec" {\n    inline = [\n      "curl -sfL https://get.k3s.io | K3S_URL=https://10.7.0.2:6443 K3S_TOKEN=tf-literal-token sh -",\n    ]\n  }\n}\n',
      },
    ]);
    expect(hostsOf(cluster.servers)).toEqual(['10.7.0.2']);
    expect(cluster.servers[0]?.config).toMatchObject({ 'flannel-iface': 'ens10' });
    expect(cluster.agents).toHaveLength(1);
    expect(storeSecrets).toEqual({ 'imported-token': 'tf-literal-token' });
    expect(said).toMatch(/tls-san had a placeholder .*hcloud_lb\.ip/);
    expect(said).toContain('count = 3');
  });
});

describe('inventories', () => {
  it('INI with ranges, logins, labels and variables of groups', () => {
    const { cluster, storeSecrets } = imported(
      `[k3s_servers]\ncp[1:3].lab ansible_user=admin ansible_port=2022 k3s_node_labels='["zone=a"]'\n[k3s_agents]\nw1 ansible_host=10.8.1.1 ansible_become_password=sudopw-123\nw2 ansible_host=10.8.1.2 node_labels=disk=ssd,tier=db\n[k3s_agents:vars]\nextra_agent_args=--node-taint dedicated=db:NoSchedule\n[all:vars]\nansible_ssh_common_args='-o ProxyJump=jump@198.51.100.9'\nk3s_token=ini-token-5555\napi_endpoint=10.8.0.100\napi_port=8443\n`,
    );
    expect(hostsOf(cluster.servers)).toEqual(['cp1.lab', 'cp2.lab', 'cp3.lab']);
    expect(cluster.servers[0]).toMatchObject({
      ssh: { user: 'admin', port: 2022, proxyJump: 'jump@198.51.100.9' },
      config: { 'node-label': ['zone=a'] },
    });
    expect(cluster.agents).toMatchObject([
      { host: '10.8.1.1', name: 'w1', ssh: { port: 22 }, config: { 'node-taint': ['dedicated=db:NoSchedule'] } },
      { host: '10.8.1.2', name: 'w2', config: { 'node-label': ['disk=ssd', 'tier=db'] } },
    ]);
    expect(cluster.loadBalancer).toMatchObject({ address: '10.8.0.100', port: 8443 });
    expect(cluster.datastore.type).toBe('embedded-etcd');
    expect(storeSecrets).toEqual({ 'imported-token': 'ini-token-5555', 'imported-sudo-password': 'sudopw-123' });
  });

  it('techno-tim: templates over variables, conditions, kube-vip, registries', () => {
    const vars = `k3s_version: v1.30.2+k3s2\nansible_user: ops\nflannel_iface: eth0\napiserver_endpoint: 192.168.30.222\nk3s_token: some-secret-password\nk3s_node_ip: "{{ ansible_facts[flannel_iface]['ipv4']['address'] }}"\nk3s_master_taint: "{{ true if groups['node'] | default([]) | length >= 1 else false }}"\nextra_args: >-\n  {{ '--flannel-iface=' + flannel_iface if calico_iface is not defined and cilium_iface is not defined else '' }}\n  --node-ip={{ k3s_node_ip }}\nextra_server_args: >-\n  {{ extra_args }}\n  {{ '--node-taint node-role.kubernetes.io/master=true:NoSchedule' if k3s_master_taint else '' }}\n  {% if calico_iface is defined or cilium_iface is defined %}\n  --flannel-backend=none\n  {% endif %}\n  --tls-san {{ apiserver_endpoint }}\n  --disable servicelb\nextra_agent_args: >-\n  {{ extra_args }}\ncustom_registries: true\ncustom_registries_yaml: |\n  configs:\n    "registry.domain.com":\n      auth:\n        username: me\n        password: yourpassword\nmetal_lb_type: native\n`;
    const hosts =
      '[master]\n192.168.30.38\n192.168.30.39\n192.168.30.40\n\n[node]\n192.168.30.41\n\n[k3s_cluster:children]\nmaster\nnode\n';
    const { cluster, said, storeSecrets } = imported([
      { name: 'inventory/hosts.ini', text: hosts },
      { name: 'inventory/group_vars/all.yml', text: vars },
    ]);
    expect(cluster.servers).toHaveLength(3);
    expect(cluster.servers[0]?.config).toEqual({
      'flannel-iface': 'eth0',
      'node-taint': ['node-role.kubernetes.io/master=true:NoSchedule'],
      'tls-san': ['192.168.30.222'],
      disable: ['servicelb'],
    });
    expect(cluster.loadBalancer).toMatchObject({ type: 'kube-vip', address: '192.168.30.222', interface: 'eth0' });
    expect(storeSecrets).toMatchObject({ 'imported-registry-registry-domain-com-password': 'yourpassword' });
    expect(said).toMatch(/node-ip had a placeholder .*ansible_facts/);
    expect(said).toContain('"metal_lb_type: native"');
  });

  it('PyratLabs: control nodes, options as a mapping, a playbook with variables', () => {
    const { cluster } = imported(
      '```yaml\nk3s_cluster:\n  hosts:\n    kube-0: { ansible_user: ansible, ansible_host: 10.10.9.2, k3s_control_node: true }\n    kube-1: { ansible_user: ansible, ansible_host: 10.10.9.3, k3s_control_node: true }\n    kube-2: { ansible_user: ansible, ansible_host: 10.10.9.4 }\n```\n\nand the playbook:\n\n```yaml\n- name: Build\n  hosts: k3s_cluster\n  vars:\n    k3s_release_version: v1.31.4+k3s1\n    k3s_etcd_datastore: true\n    k3s_server:\n      disable: [traefik]\n      node-label: ["tier=control"]\n    k3s_agent:\n      node-taint: ["gpu=true:NoSchedule"]\n  roles:\n    - role: xanmanning.k3s\n```\n',
    );
    expect(cluster.servers).toMatchObject([
      { host: '10.10.9.2', name: 'kube-0', config: { disable: ['traefik'], 'node-label': ['tier=control'] } },
      { host: '10.10.9.3', name: 'kube-1' },
    ]);
    expect(cluster.agents).toMatchObject([{ host: '10.10.9.4', config: { 'node-taint': ['gpu=true:NoSchedule'] } }]);
    expect(cluster).toMatchObject({ datastore: { type: 'embedded-etcd' }, k3s: { version: 'v1.31.4+k3s1' } });
  });

  it('k3s-ansible with its configurations as texts', () => {
    const { cluster } = imported(
      'k3s_cluster:\n  children:\n    server:\n      hosts:\n        192.16.35.11: { ansible_user: root }\n        192.16.35.12:\n        192.16.35.13:\n    agent:\n      hosts:\n        192.16.35.14:\n  vars:\n    ansible_user: debian\n    k3s_version: v1.31.12+k3s1\n    token: "changeme!"\n    server_config_yaml: |\n      secrets-encryption: true\n      disable: [traefik]\n    extra_agent_args: "--node-label a=b"\n',
    );
    expect(cluster.servers.map(({ ssh }) => ssh.user)).toEqual(['root', 'debian', 'debian']);
    expect(cluster.servers[0]?.config).toMatchObject({ 'secrets-encryption': true, disable: ['traefik'] });
    expect(cluster.agents[0]?.config).toMatchObject({ 'node-label': ['a=b'] });
    expect(cluster.datastore.type).toBe('embedded-etcd');
  });
});

describe('tools', () => {
  it('k3sup plan: its command and its machines', () => {
    const devices =
      '[{"hostname": "n-1", "ip": "10.10.0.1"},{"hostname": "n-2", "ip": "10.10.0.2"},{"hostname": "n-3", "ip": "10.10.0.3"}]';
    const { cluster, said } = imported([
      {
        name: 'plan.sh',
        text: 'k3sup plan devices.json --user ubuntu --servers 2 --server-k3s-extra-args "--disable traefik" --tls-san 10.10.0.100 --background',
      },
      { name: 'devices.json', text: devices },
    ]);
    expect(cluster.servers).toMatchObject([
      {
        host: '10.10.0.1',
        name: 'n-1',
        config: { disable: ['traefik'], 'tls-san': ['10.10.0.100'] },
        ssh: { user: 'ubuntu' },
      },
      { host: '10.10.0.2', name: 'n-2' },
    ]);
    expect(hostsOf(cluster.agents)).toEqual(['10.10.0.3']);
    expect(said).toContain('"--background"');
    expect(imported(devices).cluster.servers).toHaveLength(3);
  });

  it('the script that k3sup plan prints, with its lines that a backslash lacks', () => {
    const { cluster, said } = imported(
      'k3sup install --host 10.11.0.1 \\\n--user root \\\n--cluster \\\n--tls-san vip.example \n--merge\n\nexport NODE_TOKEN=$(k3sup node-token --host 10.11.0.1 --user root)\n\nk3sup join \\\n--host 10.11.0.2 \\\n--server-host 10.11.0.1 \\\n--server \\\n--node-token "$NODE_TOKEN" \\\n--user root &\n',
    );
    expect(hostsOf(cluster.servers)).toEqual(['10.11.0.1', '10.11.0.2']);
    expect(cluster.token).toBe('${secret:imported-token}');
    expect(said).toContain('$(k3sup node-token --host 10.11.0.1 --user root)');
    expect(said).toContain('A backslash is missing before "--merge"');
  });

  it('AutoK3s: short flags, counted machines, a database, a mirror, and a login with a password', () => {
    const { cluster, said, storeSecrets } = imported(
      `autok3s -d create -p native -n edge --master 1 --worker 2 --k3s-install-mirror 'INSTALL_K3S_MIRROR=cn' --datastore "mysql://root:dbpw1234@tcp(10.12.0.9:3306)/k3s" --tls-sans 10.12.0.100 --tls-sans k3s.example.com --frob 3\nautok3s join -p native --name edge --ip 10.12.0.1 --master-ips 10.12.0.2 --ssh-user root --ssh-password rootpw99\n`,
    );
    expect(cluster).toMatchObject({
      name: 'edge',
      datastore: { type: 'mysql' },
      k3s: { install: { env: { INSTALL_K3S_MIRROR: 'cn' } } },
    });
    expect(hostsOf(cluster.servers)).toEqual(['10.12.0.1', '10.12.0.2']);
    expect(cluster.servers[0]?.config['tls-san']).toEqual(['10.12.0.100', 'k3s.example.com']);
    expect(cluster.agents).toHaveLength(2);
    expect(storeSecrets).toEqual({ 'edge-db-password': 'dbpw1234', 'edge-ssh-password': 'rootpw99' });
    expect(said).toContain('"--frob 3"');
  });

  it('hetzner-k3s: pools become machines to fill in', () => {
    const { cluster, said } = imported(
      'hetzner_token: SECRETHCLOUD1234567890\ncluster_name: prod\nk3s_version: v1.32.0+k3s1\nnetworking:\n  ssh: { port: 2222, private_key_path: "~/.ssh/id_ed25519" }\n  cni: { enabled: true, encryption: true, mode: flannel }\nmasters_pool: { instance_type: cpx22, instance_count: 3, locations: [fsn1, hel1, nbg1] }\nworker_node_pools:\n  - { name: small, instance_count: 2, location: hel1, labels: [{ key: purpose, value: blah }], taints: [{ key: x, value: "y:NoSchedule" }] }\n  - { name: burst, autoscaling: { enabled: true, max_instances: 3 } }\n',
    );
    expect(cluster.servers.map(({ zone }) => zone)).toEqual(['fsn1', 'hel1', 'nbg1']);
    expect(cluster.servers[0]).toMatchObject({
      name: 'prod-master1',
      ssh: { port: 2222 },
      config: { 'flannel-backend': 'wireguard-native' },
    });
    expect(cluster.agents).toHaveLength(2);
    expect(cluster.agents[0]?.config).toMatchObject({
      'node-label': ['purpose=blah'],
      'node-taint': ['x=y:NoSchedule'],
    });
    expect(said).toContain('The pool "burst"');
    expect(said).toContain('hetzner_token');
    expect(said).not.toContain('SECRETHCLOUD');
  });

  it('k0sctl: hosts, logins, labels; its version is not ours', () => {
    const { cluster, said } = imported(
      'apiVersion: k0sctl.k0sproject.io/v1beta1\nkind: Cluster\nmetadata: { name: k0s-prod }\nspec:\n  hosts:\n    - role: controller\n      ssh: { address: 10.9.0.1, user: root, keyPath: ~/.ssh/id_rsa }\n    - role: controller+worker\n      ssh: { address: 10.9.0.2, user: root }\n      installFlags: ["--labels=zone=a,disk=ssd"]\n    - role: worker\n      hostname: w-1\n      ssh: { address: 10.9.0.3, user: ubuntu, bastion: { address: 198.51.100.9, user: jump } }\n  k0s: { version: v1.30.0+k0s.0 }\n',
    );
    expect(cluster.name).toBe('k0s-prod');
    expect(hostsOf(cluster.servers)).toEqual(['10.9.0.1', '10.9.0.2']);
    expect(cluster.servers[1]?.config).toMatchObject({ 'node-label': ['zone=a', 'disk=ssd'] });
    expect(cluster.agents).toMatchObject([
      { host: '10.9.0.3', name: 'w-1', ssh: { user: 'ubuntu', proxyJump: 'jump@198.51.100.9' } },
    ]);
    expect(cluster.k3s.version).toBeUndefined();
    expect(said).toContain('v1.30.0+k0s.0');
  });
});
