import { ansible } from './ansible';
import { ansibleTasks } from './ansibleTasks';
import { cloudInit } from './cloudInit';
import { composeFile } from './composeFile';
import { dockerfile } from './dockerfile';
import { hetznerK3s } from './hetznerK3s';
import { ignition } from './ignition';
import { k0sctl } from './k0sctl';
import { k3sConfig } from './k3sConfig';
import { makefile } from './makefile';
import { nixos } from './nixos';
import type { Reader } from './reader';
import { registriesFile } from './registriesFile';
import { shellCommands } from './shellCommands';
import { systemdUnit } from './systemdUnit';
import { vagrantfile } from './vagrantfile';

/** Every reader; the first one that claims a text reads it. */
export const READERS: readonly Reader[] = [
  cloudInit,
  ignition,
  composeFile,
  ansibleTasks,
  systemdUnit,
  k0sctl,
  hetznerK3s,
  registriesFile,
  k3sConfig,
  ansible,
  nixos,
  vagrantfile,
  makefile,
  dockerfile,
  shellCommands,
];
