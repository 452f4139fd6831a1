import { REBOOT_PATH } from '../k3s/paths';
import type { FactTopic } from './topic';

/** Where a reboot of ours stands on a machine. */
export interface RebootTopic {
  /** The boot id that the machine had when it began; absent when none has, or it is over. */
  readonly rebootFrom?: string;
}

export const rebootFacts: FactTopic<RebootTopic> = {
  name: 'reboot',
  script: `if [ -f ${REBOOT_PATH} ]; then put reboot_from "$(head -n 1 ${REBOOT_PATH})"; fi
`,
  read: (values) => {
    const from = values.optional('reboot_from');
    return from === undefined ? {} : { rebootFrom: from };
  },
};
