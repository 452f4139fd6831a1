import { say } from '../../core/base/say';
import { BALANCER_CONFIGS, HEADER, type BalancerUnit } from '../../core/loadBalancer/paths';
import type { BalancerFacts, BalancerProgram, PackageManager } from '../../core/facts/balancerFacts';
import type { HostFacts } from '../../core/facts/probe';
import type { FileDifference } from '../../core/plan/difference';
import type { BalancerContent, BalancerFile, BalancerPart } from './balancers';

/** What a machine of the load balancer needs; empty for one that is as the file says. */
export interface BalancerChange {
  readonly packages?: { readonly manager: PackageManager; readonly names: readonly string[] };
  readonly parts: readonly BalancerPartChange[];
}

interface BalancerPartChange {
  readonly unit: BalancerUnit;
  readonly differences: readonly FileDifference[];
  readonly reason: string;
}

/** Compares what a machine has with what it is to have. */
export function balancerChange({ parts }: BalancerContent, seen: HostFacts): BalancerChange {
  const present = seen.balancer;
  if (present === undefined) return { parts: [] };
  const { manager } = present;
  const lacking = [...new Set(parts.flatMap(({ unit }) => NEEDS[unit]))].filter(
    (program) => !present.programs.includes(program),
  );
  return {
    ...(manager === undefined || lacking.length === 0
      ? {}
      : { packages: { manager, names: lacking.map((program) => packageOf(program, manager)) } }),
    parts: parts.flatMap((part) => {
      const change = partChange(part, present);
      return change === undefined ? [] : [change];
    }),
  };
}

/** Programs behind each part. */
const NEEDS: Readonly<Record<BalancerUnit, readonly BalancerProgram[]>> = {
  haproxy: ['haproxy', 'socat'],
  nginx: ['nginx', 'nginx-stream'],
  keepalived: ['keepalived'],
};

function packageOf(program: BalancerProgram, manager: PackageManager): string {
  if (program !== 'nginx-stream') return program;
  return manager === 'apt-get' ? 'libnginx-mod-stream' : 'nginx-mod-stream';
}

function partChange({ unit, config, dropIn }: BalancerPart, present: BalancerFacts): BalancerPartChange | undefined {
  const files = [...(dropIn === undefined ? [] : [dropIn]), config];
  const differs = files.filter(({ path, text }) => present.files.get(path) !== text);
  const state = present.units.get(unit);
  if (differs.length === 0 && state?.active === 'active' && state.enabled) return undefined;
  return {
    unit,
    differences: differs.map((file) => difference(file, present.files.get(file.path))),
    reason: !present.programs.includes(unit)
      ? say`it is not installed yet`
      : differs.length > 0
        ? say`its configuration differs from the cluster file`
        : say`it is ${state?.active === 'active' ? say`not started at boot` : (state?.active ?? say`not running`)}`,
  };
}

function difference({ path, text }: BalancerFile, before: string | undefined): FileDifference {
  return { path, ...(before === undefined ? {} : { before: withoutPassword(before) }), after: withoutPassword(text) };
}

function withoutPassword(text: string): string {
  return text.replaceAll(/^(\s*auth_pass\s+).*$/gm, '$1«secret»');
}

/** Units that K3s HA has made part of the load balancer on a machine and that are to be none any more. */
export function surplusUnits(content: BalancerContent | undefined, seen: HostFacts): readonly BalancerUnit[] {
  const wanted = new Set(content?.parts.map(({ unit }) => unit));
  return (Object.keys(BALANCER_CONFIGS) as BalancerUnit[]).filter((unit) => {
    const config = seen.balancer?.files.get(BALANCER_CONFIGS[unit]);
    return !wanted.has(unit) && config !== undefined && isOurs(config);
  });
}

/** Whether a configuration is one that K3s HA has written. */
export function isOurs(text: string): boolean {
  return text.startsWith(HEADER);
}
