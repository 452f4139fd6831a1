import { say } from '../../core/base/say';
import { BALANCER_CONFIGS, type BalancerUnit } from '../../core/loadBalancer/paths';
import { replaceBalancerConfig } from '../../core/remote/balancerConfig';
import { writeFile } from '../../core/remote/file';
import { defineStep, ended } from './step';

/** Writes what one program of the load balancer reads, and makes it hold: a program that runs is reloaded. */
export const writeBalancer = defineStep<{ readonly unit: BalancerUnit; readonly runs: boolean }>({
  kind: 'write-balancer',
  phase: 'change',
  estimateMs: 3000,
  says: ({ unit, runs }) => ({
    title: say`Write ${BALANCER_CONFIGS[unit]} and ${runs ? say`reload ${unit}; connections that run stay` : say`start ${unit}`}`,
    doing: runs ? say`reloading ${unit}` : say`starting ${unit}`,
    counted: say`set up ${unit} on`,
  }),
  subject: ({ unit }) => unit,
  async run({ unit }, at) {
    const part = at.balancerAfter(at.machine.id).parts.find((one) => one.unit === unit);
    if (part === undefined) throw new Error(`the load balancer of ${at.machine.id} has no ${unit}`);
    const { config, dropIn } = part;
    if (dropIn !== undefined) {
      const written = await at.on(at.machine, writeFile(dropIn.path, dropIn.mode, dropIn.text));
      if (written.kind !== 'done') return ended(written);
    }
    return ended(
      await at.on(at.machine, replaceBalancerConfig(unit, config.path, config.mode, config.text, at.secrets)),
    );
  },
});
