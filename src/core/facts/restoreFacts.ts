import { RESTORED_PATH, RESTORE_FOLDER } from '../k3s/paths';
import type { FactTopic } from './topic';

/** Where a restore of the cluster stands on a server. */
export interface RestoreTopic {
  /** Absent when none has begun, or it is over. */
  readonly restore?: RestoreMarks;
  /** Id of the last restore that was proved. */
  readonly restored?: string;
}

export interface RestoreMarks {
  readonly id: string;
  /** Id, in the cluster file, of the server whose data the cluster is restored from. */
  readonly from: string;
  /** Path of the snapshot on that server; `survivor` for what that server itself has. */
  readonly snapshot: string;
  /** The data of this server was put aside, so that it can join the restored cluster. */
  readonly aside: boolean;
  /** This server has become the only member of a cluster with the data of the snapshot. */
  readonly reset: boolean;
}

export const restoreFacts: FactTopic<RestoreTopic> = {
  name: 'restore',
  script: `if [ -f ${RESTORE_FOLDER}/begun ]; then
  put restore "$(head -n 1 ${RESTORE_FOLDER}/begun)"
  for mark in aside reset; do if [ -f ${RESTORE_FOLDER}/$mark ]; then put "restore_$mark" yes; fi; done
fi
if [ -f ${RESTORED_PATH} ]; then put restored "$(head -n 1 ${RESTORED_PATH})"; fi
`,
  read: (values) => {
    const [id, from, ...path] = values.words('restore');
    const restored = values.optional('restored');
    return {
      ...(id === undefined || from === undefined
        ? {}
        : {
            restore: {
              id,
              from,
              snapshot: path.join(' '),
              aside: values.yes('restore_aside'),
              reset: values.yes('restore_reset'),
            },
          }),
      ...(restored === undefined ? {} : { restored }),
    };
  },
};
