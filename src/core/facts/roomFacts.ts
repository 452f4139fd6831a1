import { OLD_DATA } from '../remote/oldData';
import type { FactTopic } from './topic';

/** What takes room on a host that another release needs; absent where a host told nothing of it. */
export interface RoomTopic {
  /** Unpacked programs of releases that nothing uses any more, in KiB. */
  readonly oldDataKiB?: number;
  /** The database of embedded etcd, in KiB: a snapshot has about its size. */
  readonly etcdKiB?: number;
}

export const roomFacts: FactTopic<RoomTopic> = {
  name: 'room',
  script: `${OLD_DATA}
put old_data_kib "$(old_data "$1" | tr '\\n' '\\0' | xargs -0 -r du -sk 2>/dev/null | awk '{sum += $1} END {print sum + 0}')"
put etcd_kib "$(du -k "$1/server/db/etcd/member/snap/db" 2>/dev/null | awk '{print $1}')"
`,
  read: (values) => {
    const [old, etcd] = [values.number('old_data_kib'), values.number('etcd_kib')];
    return { ...(old > 0 ? { oldDataKiB: old } : {}), ...(etcd > 0 ? { etcdKiB: etcd } : {}) };
  },
};
