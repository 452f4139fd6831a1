import { say } from '../../core/base/say';
import { apiServers } from '../../core/cluster/roles';
import type { Guard } from './guard';
import { refusal, silentApis } from './refusal';

/**
 * When other servers of the file have an API, one of them has to answer. The only server with an API may be stopped:
 * nothing can stand in for it, and its restart is what was asked for.
 */
export const apiAnswers: Guard = {
  id: 'api-answers',
  async check(node, at) {
    const others = apiServers(at.cluster).filter(({ id }) => id !== node.id);
    const silent = await silentApis(others, at);
    if (others.length === 0 || silent.size < others.length) return undefined;
    const reasons = [...silent].map(([id, why]) => `${id} ${why}`);
    return refusal(node, 'its API', [say`no other server answers with a ready API`, ...reasons].join('; '));
  },
};
