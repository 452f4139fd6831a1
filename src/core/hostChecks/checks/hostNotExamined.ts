import { later } from '../../base/say';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const hostNotExamined = defineHostCheck({
  id: 'host-not-examined',
  severity: 'error',
  title: later`A machine cannot be examined`,
  rationale: `Everything else is found out over SSH as root, so a machine that does not answer, refuses the login or gives no rights by sudo cannot be judged at all. The message has what the machine or its SSH server said.`,
  sources: [DOCUMENTS.requirements],
  judge: ({ unreachable }) =>
    [...unreachable].map(([machine, { message, why, nextSteps }]) => ({
      machine,
      message: message.includes(machine) ? message : `${machine}: ${message}`,
      ...(why === undefined ? {} : { why }),
      nextSteps,
    })),
});
