import { optionIsOn } from '../../../src/core/cluster/options';
import { check } from '../check';
import {
  clientLostNothing,
  etcdIsComplete,
  invocations,
  meanwhile,
  nodesAreReady,
  restartedSince,
} from '../fromOutside';
import type { RealOperation } from '../operation';
import { withValue } from '../realCluster';

export const restart: RealOperation = {
  id: 'restart',
  does: 'restarts every server twice, one after another, for the option debug and without it',
  async run(real, see) {
    const [first] = real.cluster.servers;
    const had = first !== undefined && optionIsOn(real.cluster, first, 'debug');
    const written = real.text;
    const before = await invocations(real);
    const met = await meanwhile(real, async () => {
      const between = [];
      for (const text of [withValue(written, ['servers', 'config', 'debug'], !had), written]) {
        await real.use(text);
        await real.apply();
        between.push(await invocations(real));
      }
      return between;
    });
    const [once = before, twice = before] = met.value;
    const missed = real.cluster.servers
      .map(({ id }) => id)
      .filter((id) => !restartedSince(before, once).includes(id) || !restartedSince(once, twice).includes(id));
    see(
      check(
        'every server restarted twice',
        missed.length === 0,
        missed.join(', ') || `${real.cluster.servers.length} servers`,
      ),
      clientLostNothing(real, met),
    );
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
  },
};
