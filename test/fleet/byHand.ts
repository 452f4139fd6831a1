import { expect } from 'vitest';
import type { Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { until } from './driver/run';
import { untilJournalHas } from './driver/services';

/** K3s installed as a person would: log in as auto, write config.yaml, run the install script; the unit is enabled, not started. */
export async function installByHand(
  fleet: Fleet,
  name: string,
  role: 'server' | 'agent',
  config: string,
): Promise<string> {
  const command = `set -e
sudo mkdir -p /etc/rancher/k3s
sudo sh -c 'umask 077; cat > /etc/rancher/k3s/config.yaml'
curl -sfL https://get.k3s.io | INSTALL_K3S_SKIP_START=true sh -s - ${role}`;
  const result = await fleet.ssh(name, 'auto', command, { stdin: config });
  expect(result, name).toMatchObject({ code: 0 });
  return result.stdout;
}

/**
 * Starts the unit and waits until K3s is ready. A joiner that the load balancer leads to a server which is
 * still starting fails at first, as K3s does, and systemd starts it again.
 */
export async function startByHand(fleet: Fleet, name: string, role: 'server' | 'agent'): Promise<void> {
  const unit = role === 'server' ? 'k3s' : 'k3s-agent';
  const host = fleet.host(name);
  const { start, isUp, log } = host.init === 'openrc' ? openrc(unit) : systemd(unit);
  expect(await fleet.ssh(name, 'auto', `sudo ${start}`), name).toMatchObject({ code: 0 });
  const isActive = async (): Promise<true | undefined> => ((await host.exec(isUp)).code === 0 ? true : undefined);
  await until(`${unit} on ${name}`, 60_000, isActive, 200).catch(async () => {
    expect.fail(`${unit} on ${name} does not become active:\n${await host.mustExec(log)}`);
  });
}

interface ByHand {
  readonly start: string;
  readonly isUp: string;
  readonly log: string;
}

const systemd = (unit: string): ByHand => ({
  start: `systemctl start --no-block ${unit}`,
  isUp: `systemctl is-active ${unit}`,
  log: `journalctl -u ${unit} -o cat --no-pager`,
});

/** OpenRC does not know whether K3s is up; its log does. */
const openrc = (unit: string): ByHand => ({
  start: `rc-service ${unit} start`,
  isUp: `grep -Eq 'k3s is up and running|labels have been set' /var/log/${unit}.log`,
  log: `cat /var/log/${unit}.log`,
});

/** Kubeconfig of a server, pointed at `address`. */
export async function kubeconfigFor(fleet: Fleet, name: string, address: string): Promise<string> {
  return (await fleet.host(name).mustExec('cat /etc/rancher/k3s/k3s.yaml')).replace('127.0.0.1', address);
}

/** Asks kubectl until the nodes have these states: `{ 'server-1': 'Ready' }`. */
export async function expectNodes(
  fleet: Fleet,
  kubeconfig: string,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  let shown = '';
  const matches = async (): Promise<true | undefined> => {
    const { stdout, stderr } = await fleet.kubectl(
      kubeconfig,
      ['get', 'nodes', '--no-headers', '--request-timeout=5s'],
      { timeoutMs: 10_000 },
    );
    shown = stdout + stderr;
    const states = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).slice(0, 2)),
    );
    return JSON.stringify(Object.entries(states).sort()) === JSON.stringify(Object.entries(wanted).sort())
      ? true
      : undefined;
  };
  await until('nodes', 180_000, matches, 200).catch(() =>
    expect.fail(`Wanted ${JSON.stringify(wanted)}, kubectl shows:\n${shown}`),
  );
}

/** Starts an installed unit with another config.yaml, waits for the reason in its journal and stops it again. */
export async function expectFailure(host: FleetHost, unit: string, config: string, reason: string): Promise<void> {
  const start =
    'cat > /etc/rancher/k3s/config.yaml; journalctl -q --rotate; journalctl -q --vacuum-time=1us; systemctl reset-failed "$1"; systemctl start --no-block "$1"';
  await host.mustExec(start, { stdin: config, args: [unit] });
  await untilJournalHas(host, unit, reason);
  await host.mustExec('systemctl stop "$1"', { args: [unit] });
}
