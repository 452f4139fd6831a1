/** How an attempt to speak with a port ended. `closed`: somebody took the connection and ended it before it was of use. */
export type Reach = 'answered' | 'refused' | 'no-route' | 'silent' | 'closed' | 'not-tls' | 'untrusted';

/** What one machine sees at the fixed address. */
export interface AddressSight {
  /** Addresses that the name stands for there; an address stands for itself. Undefined when nobody could look. */
  readonly addresses?: readonly string[];
  /** Seconds for which others may remember what the name stands for, where that can be asked. */
  readonly ttl?: number;
  /** What the API server of this machine calls itself; absent where none answers. */
  readonly self?: string;
  /** One for each address. */
  readonly doors: readonly DoorSight[];
}

/** What answers at one address and port. */
export interface DoorSight {
  readonly address: string;
  readonly reach: Reach;
  /** What the system says of a failure. */
  readonly says?: string;
  /** The certificate that is shown there. */
  readonly subject?: string;
  readonly issuer?: string;
  /** sha256 of the authority that K3s hands out there, as in its tokens. */
  readonly authority?: string;
  /** Whether the certificate comes from the authority of the cluster; absent where that is not known. */
  readonly trusted?: boolean;
  /** Whether it names what clients ask for; only of a trusted one. */
  readonly named?: boolean;
  /** Connections that were opened one after another, to see where they end. */
  readonly tries: readonly TrySight[];
}

/** Where one connection through the address ended. */
export interface TrySight {
  readonly reach: Reach;
  readonly says?: string;
  /** What the API server that it met calls itself; absent when it does not tell. */
  readonly server?: string;
  /** It met a K3s without an API server: a home of etcd alone. */
  readonly withoutApi: boolean;
}
