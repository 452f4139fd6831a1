import { registriesOf } from '../machineFiles';
import type { Reader } from './reader';

/** `registries.yaml` of K3s. https://docs.k3s.io/installation/private-registry */
export const registriesFile: Reader = {
  name: 'a registries.yaml',
  claims: ({ text }) => /^(?:mirrors|configs)[ \t]*:/m.test(text) && registriesOf(text) !== undefined,
  read: (sources) => ({ commands: [], notes: [], registries: registriesOf(sources[0]?.text ?? '') }),
};
