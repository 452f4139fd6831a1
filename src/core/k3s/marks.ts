/** On a Node that we have cordoned, in the same change: it tells later whose doing that was. */
export const CORDON_ANNOTATION = 'k3s-ha.io/cordoned';
