import type { Rule } from '../rule';
import { agentServerOnlyFlag } from './agentServerOnlyFlag';
import { disableItemsDiffer } from './disableItemsDiffer';
import { disableUnknownItem } from './disableUnknownItem';
import { dockerRuntime } from './dockerRuntime';
import { embeddedRegistryRuntime } from './embeddedRegistryRuntime';
import { envShadowedByConfig } from './envShadowedByConfig';
import { flagDeprecated } from './flagDeprecated';
import { flagExperimental } from './flagExperimental';
import { flagNewerThanVersion } from './flagNewerThanVersion';
import { flagRemoved } from './flagRemoved';
import { listInTwoPlaces } from './listInTwoPlaces';
import { registriesInTwoPlaces } from './registriesInTwoPlaces';
import { registryForm } from './registryForm';
import { selinuxDataDir } from './selinuxDataDir';
import { unknownFlag } from './unknownFlag';

/** Rules about K3s's options: known, removed, deprecated, well-formed, the most valuable first. */
export const OPTIONS_RULES: readonly Rule[] = [
  agentServerOnlyFlag,
  unknownFlag,
  registryForm,
  selinuxDataDir,
  flagRemoved,
  flagNewerThanVersion,
  registriesInTwoPlaces,
  embeddedRegistryRuntime,
  disableUnknownItem,
  dockerRuntime,
  flagDeprecated,
  envShadowedByConfig,
  disableItemsDiffer,
  listInTwoPlaces,
  flagExperimental,
];
