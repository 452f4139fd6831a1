import type { Command } from './command';

/** move-address: the servers of the practice fleet run no kube-vip, so that none has the address on an interface. */
export const moveAddressCommand: Command = ({ out }) => {
  out('elsewhere\n');
  return 0;
};
