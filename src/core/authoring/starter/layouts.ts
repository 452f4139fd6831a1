import { later } from '../../base/say';
import type { Layout } from './addresses';

/** What a person chooses from, with what each layout means and how its machines are typed. */
export const LAYOUTS: readonly {
  readonly layout: Layout;
  readonly label: string;
  readonly detail: string;
  readonly example: string;
}[] = [
  {
    layout: 'embedded-etcd',
    label: later`Embedded etcd`,
    detail: later`Three servers or more, each with the data: survives the loss of a server, needs nothing else`,
    example: 'servers 10.0.0.[11-13], address 10.0.0.100, agents 10.0.1.[1-3]',
  },
  {
    layout: 'external-datastore',
    label: later`External datastore`,
    detail: later`Two servers or more that share MySQL, PostgreSQL, etcd or NATS: as available as that is`,
    example: 'servers 10.0.0.11 10.0.0.12, address 10.0.0.100, agents 10.0.1.[1-3]',
  },
  {
    layout: 'single-server',
    label: later`Single server`,
    detail: later`One server with SQLite: for trying out, not for high availability`,
    example: 'server 10.0.0.11',
  },
];
