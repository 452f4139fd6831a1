import { ansible } from './ansible';
import { cloudInit } from './cloudInit';
import { hetznerK3s } from './hetznerK3s';
import { k0sctl } from './k0sctl';
import { k3sConfig } from './k3sConfig';
import type { Reader } from './reader';
import { registriesFile } from './registriesFile';
import { shellCommands } from './shellCommands';
import { systemdUnit } from './systemdUnit';

/** Every reader; the first one that claims a text reads it. */
export const READERS: readonly Reader[] = [
  cloudInit,
  systemdUnit,
  k0sctl,
  hetznerK3s,
  registriesFile,
  k3sConfig,
  ansible,
  shellCommands,
];
