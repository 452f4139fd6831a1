import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: fixed address, $2: the same for a URL, $3: its port. Prints on which interface this host has the address, or nothing,
 * then what the API answers there.
 */
export const ADDRESS_STATE_SCRIPT: RemoteScript = {
  id: 'address-state',
  text: `${HOST_K3S}
export LC_ALL=C
echo "interface=$(ip -o addr show to "$1" | awk '{ print $2; exit }')"
# Every certificate of the API has this name.
echo "answer=$(k3s kubectl --server "https://$2:$3" --tls-server-name kubernetes get --raw /readyz --request-timeout=3s 2>&1 | tail -n 1)"`,
};

/** Where a fixed address is, seen from one server. */
export interface AddressState {
  /** This host has it. */
  readonly here: boolean;
  /** What kept the API from answering there; empty when it answers. */
  readonly silence: string;
}

/** Asks a server whether it has the fixed address, and whether the API answers there. */
export function addressState(address: string, port: number): RemoteCommand<AddressState> {
  return {
    script: ADDRESS_STATE_SCRIPT,
    args: [address, address.includes(':') ? `[${address}]` : address, String(port)],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) => {
      const value = (key: string): string | undefined =>
        new RegExp(`^${key}=(.*)$`, 'm').exec(output.stdout)?.[1]?.trim();
      const [where, answer] = [value('interface'), value('answer')];
      if (output.exitCode !== 0 || where === undefined || answer === undefined)
        return err(failed('address-unknown', `The host did not tell whether it has ${address}`, output));
      return ok({ here: where !== '', silence: answer === 'ok' ? '' : answer === '' ? 'nothing was said' : answer });
    },
  };
}
