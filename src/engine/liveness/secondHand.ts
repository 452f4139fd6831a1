import type { DoorAnswer } from '../ports';

/** Of an API server that answers itself and could not reach a kubelet; 503 alone may be about the API server. */
const NOT_REACHED = /reach|dial|session|proxy|tunnel/i;

/**
 * What an API server says of the kubelet of a Node: that it answers, or that it does not. Undefined when the API server does not
 * know the Node, does not allow to ask, or is not well itself: while etcd has no leader it is silent about everybody.
 */
export async function secondHand(
  nodeName: string,
  ask: (path: string) => Promise<DoorAnswer>,
): Promise<'answers' | 'silent' | undefined> {
  const answer = await ask(`/api/v1/nodes/${encodeURIComponent(nodeName)}/proxy/healthz`);
  if (answer.reached === 'answers') {
    const { status, body } = answer;
    if (status === 200) return 'answers';
    return status === 502 || status === 504 || (status === 503 && NOT_REACHED.test(body)) ? 'silent' : undefined;
  }
  if (answer.reached !== 'silent') return undefined;
  const self = await ask('/readyz');
  return self.reached === 'answers' && self.status === 200 ? 'silent' : undefined;
}
