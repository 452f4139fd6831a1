import { later, say } from '../../base/say';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const nameUnknown = defineHostCheck({
  id: 'name-unknown',
  severity: 'error',
  title: later`A machine finds no address for a name of the file`,
  rationale: `Names in the file (the fixed address, servers, the datastore, registries of images) are looked up by the machines themselves, each with its own /etc/hosts and its own name servers, and not by the computer that the file is on. A machine asks as its programs do (\`getent\`); what it does not find, K3s does not find, and an agent without the fixed address waits for ever. A registry keeps nothing from starting but images, so that is a warning.`,
  sources: [DOCUMENTS.networkingServices],
  judge: ({ unknownNames }) =>
    [...(unknownNames ?? [])].flatMap(([machine, names]) =>
      names.map(({ name, of, what }) => ({
        machine,
        ...(of === 'registry' ? { severity: 'warning' as const } : {}),
        message: say`${machine} finds no address for ${name}, by which the file names ${what}`,
        nextSteps: [
          say`See that /etc/resolv.conf on it names a server that knows ${name} ("getent ahosts ${name}" tells), add the name to its /etc/hosts, or write an address into the file.`,
        ],
      })),
    ),
});
