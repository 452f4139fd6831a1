import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusterMarks } from '../../../src/core/remote/clusterMarks';
import { k3sFiles } from '../../../src/core/remote/k3sFiles';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** Answers as `kubectl get` does with these templates; a cluster without system-upgrade-controller has no plans. */
const K3S = `case "$*" in
  *endpoints*) printf 'endpoint 10.0.0.11\\nendpoint 10.0.0.12\\n' ;;
  *plans.upgrade*) [ -f "$HOST/plans" ] || { echo "error: the server doesn't have a resource type" >&2; exit 1; }; printf 'plan|system-upgrade/server|v1.35.1+k3s1|v1.35.1-k3s1|docker.io/rancher/k3s-upgrade|\\nplan|system-upgrade/agent||||server-1 server-2\\n' ;;
  *daemonsets*) printf 'workload|kube-system/kured|3|ghcr.io/kubereboot/kured:1.17.1|{"nodeID": "manual"}\\nworkload|default/web|||\\n' ;;
esac
`;

describe.each(['/bin/dash', '/bin/bash'])('what an import asks a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  it('files that K3s reads, and not those that it writes itself', async () => {
    const data = `${host.folder}/data`;
    const files = [
      '/etc/rancher/k3s/registries.yaml',
      '/etc/rancher/k3s/config.yaml.d/10 site.yaml',
      '/etc/default/k3s',
      '/etc/systemd/system/k3s.service.d/limits.conf',
    ];
    for (const path of files) writeFileSync(host.root(path), '');
    // Scripts find /etc/ inside the folder of the test, also in the middle of a path.
    const template = `agent${host.root('/etc/containerd/config-v3.toml.tmpl')}`;
    const below = [template, 'agent/images/own.tar', 'server/manifests/mine.yaml'];
    const written = [
      'server/manifests/coredns.yaml',
      'server/manifests/metrics-server/x.yaml',
      'agent/images/.cache.json',
    ];
    for (const path of [...below, ...written]) {
      mkdirSync(dirname(join(data, path)), { recursive: true });
      writeFileSync(join(data, path), '');
    }
    const command = k3sFiles(data);
    const read = command.parse(await host.run(command));
    expect(read.ok ? [...read.value].sort() : read).toEqual(
      [...files.map((path) => host.root(path)), ...below.map((path) => join(data, path))].sort(),
    );
  });

  it('who answers as the API, and who else is at work', async () => {
    host.program('k3s', K3S);
    const ask = async () => clusterMarks().parse(await host.run(clusterMarks()));
    const workloads = [
      { name: 'kube-system/kured', images: ['ghcr.io/kubereboot/kured:1.17.1'], pods: 3 },
      { name: 'default/web', images: [] },
    ];
    const who = { workloads, manualLock: true };
    const marks = { endpoints: ['10.0.0.11', '10.0.0.12'], plans: [], ...who };
    expect(await ask()).toEqual({ ok: true, value: marks });
    writeFileSync(`${host.folder}/plans`, '');
    const [version, resolved, image] = ['v1.35.1+k3s1', 'v1.35.1-k3s1', 'docker.io/rancher/k3s-upgrade'];
    const plans = [
      { name: 'system-upgrade/server', version, resolved, image, applying: [] },
      { name: 'system-upgrade/agent', applying: ['server-1', 'server-2'] },
    ];
    expect(await ask()).toEqual({ ok: true, value: { ...marks, plans } });
  });
});
