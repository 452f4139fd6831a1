import type { Random } from './random';

/** A text for each reader of imports, for accidents to happen to. */
export const PASTES: readonly string[] = [
  'A=1\nfor h in {1..3} "${B[@]}"; do\n  ssh -p 22 u@10.0.0.$h "curl -sfL https://get.k3s.io | K3S_TOKEN=$T sh -s - server --tls-san <ip>"\ndone\n',
  'cat <<EOF | sudo tee /etc/rancher/k3s/config.yaml\ntls-san:\n  - $VIP\nEOF\nsh install.sh\n  --disable traefik\n',
  'k3sup install --ip 10.0.0.1 --cluster --k3s-extra-args "--disable traefik"\nk3sup join --ip 10.0.0.2 --server-ip 10.0.0.1 --server\n',
  "autok3s -d create -p native --master-ips '10.0.0.1,10.0.0.2' --worker 2 --ip 10.0.0.9\n",
  '# server 1\ncluster-init: true\ntoken: aaa\n\n# server2 & 3\ntoken: aaa\nserver: https://10.0.0.1:6443\n',
  '#cloud-config\nhostname: a\nwrite_files:\n  - path: /etc/rancher/k3s/config.yaml\n    encoding: b64\n    content: YTogYgo=\nruncmd:\n  - [sh, -c, "curl https://get.k3s.io | sh -"]\n',
  '[Service]\nEnvironment="K3S_URL=https://a:6443"\nExecStart=/usr/local/bin/k3s agent \\\n  --node-ip 10.0.0.1\n',
  '[master]\na[1:3] ansible_host=10.0.0.1\n[node]\nb\n[all:vars]\nextra_server_args={{ \'a\' + b if c is defined else "" }} --tls-san {{ x | default(y) }}\n',
  'k3s_cluster:\n  children:\n    server: { hosts: { 10.0.0.1: } }\n    agent: { hosts: { 10.0.0.2: { k3s_node_labels: { a: b } } } }\n  vars: { token: x, extra_server_args: "{% if a %}--x{% endif %}" }\n',
  'resource "x" "y" {\n  user_data = <<-EOT\n    #!/bin/sh\n    curl https://get.k3s.io | K3S_TOKEN=${var.t} sh -\n  EOT\n}\n',
  'hetzner_token: x\nmasters_pool: { instance_count: 3 }\nworker_node_pools: [{ name: a, instance_count: 2 }]\n',
  'apiVersion: k0sctl.k0sproject.io/v1beta1\nspec:\n  hosts: [{ role: controller, ssh: { address: 10.0.0.1 } }]\n',
  'mirrors: { docker.io: { endpoint: [https://a] } }\nconfigs: { a: { auth: { password: p } } }\n',
  'variant: fcos\nstorage:\n  files:\n    - { path: /etc/rancher/k3s/config.yaml, contents: { inline: "a: [1]" } }\nsystemd: { units: [{ name: k3s.service, contents: "[Service]\\nExecStart=/usr/local/bin/k3s server" }] }\n',
  '{"ignition":{},"storage":{"files":[{"path":"/etc/hostname","contents":{"source":"data:;base64,H4sIAAAA","compression":"gzip"}}]}}\n',
  'services:\n  a:\n    image: rancher/k3s:v1.30.1-k3s1\n    command: server --tls-san ${A:-b}\n    environment: [K3S_TOKEN=x]\n    deploy: { replicas: 2 }\n',
  '- hosts: all\n  vars: { a: b }\n  tasks:\n    - shell: curl https://get.k3s.io | K3S_TOKEN={{ a }} sh -s - {{ item }}\n      loop: [server, agent]\n    - copy: { content: "a: b", dest: /etc/rancher/k3s/config.yaml }\n',
  '{ services.k3s = { enable = true; token = "a${b}"; extraFlags = [ "--x" (y z) ]; /* c */ }; networking.hostName = \'\'a\'\'; # d\n}\n',
  'Vagrant.configure("2") do |c|\n(1..3).each do |i|\nc.vm.define "n#{i}" do |n|\nn.vm.network "x", ip: "10.0.0.#{i + 1}"\nn.vm.provision "shell", inline: <<-SHELL\n  k3s server\n  SHELL\nend\nend\n',
  'IP := 10.0.0.1\n.PHONY: a\na:\n\t@k3sup install --ip $(IP) --user $$USER\n',
  'FROM a\nENV B=c \\\n  D=e\nRUN curl https://get.k3s.io | sh -s - server\n',
  'docker run -e A=b --name c rancher/k3s:v1.30.1-k3s1 server --x\n$a = @("b","c")\nforeach ($d in $a) {\n  k3s agent --server `\n    https://$d\n}\n# On 10.0.0.1 and 10.0.0.2\nk3s agent --server https://x\n',
  '#cloud-config\nwrite_files: [{ path: /etc/rancher/k3s/config.yaml, encoding: gz+b64, content: H4sIAAAAAAAAA0tMSkYBAMJBJDUDAAAA }]\nruncmd: [k3s server]\n',
  '```\nk3s server --cluster-init\n```\ntext\n```yaml\ntls-san: [a]\n```\n',
];

/** One text that somebody might import. */
export function pasteInput(random: Random, accident: (text: string, random: Random) => string): string {
  let text = random.pick(PASTES);
  if (random.chance(0.3)) text += random.pick(PASTES);
  for (let count = random.below(4); count > 0; count -= 1) text = accident(text, random);
  return text;
}
