import { optionOfVariable } from '../../../k3s/options';
import { fromAutoK3s } from '../autoK3sCommand';
import { isOfOneMachine } from '../commandOptions';
import type { ConfigFile } from '../configFile';
import type { InstallCommand, Login, Reading } from '../installCommand';
import { devicesIn, fromK3sup, fromK3supPlan, type Device } from '../k3supCommand';
import { fromConfigFile } from '../machineFiles';
import { fromScript } from '../scriptCommand';
import { atNamedPlaces, NOWHERE, type NamedPlaces } from './namedPlaces';

/** A command of a tool that sets up K3s, while flags that a missing backslash has cut off may still follow. */
export interface Found {
  readonly tool: 'script' | 'k3sup' | 'plan' | 'autok3s';
  readonly args: string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly scriptUrl?: string | undefined;
  readonly config?: ConfigFile | undefined;
  readonly at?: { readonly host: string; readonly ssh: Login } | undefined;
  readonly notes: string[];
  /** What the words above it say about where it belongs. */
  readonly named?: NamedPlaces;
  /** No command, but a configuration that no command uses. */
  readonly alone?: true;
}

/** What a command says, with the list of machines or the files that the text has for it. */
export function readFound(
  { tool, args, variables, scriptUrl, config, at, notes, alone, named = NOWHERE }: Found,
  devices: readonly Device[],
  files: ReadonlyMap<string, string>,
): Reading {
  const place = at === undefined ? {} : { host: at.host, ssh: at.ssh };
  if (alone === true && config !== undefined)
    return { commands: atNamedPlaces({ ...fromConfigFile(config, undefined), ...place }, named), notes };
  if (tool === 'autok3s') {
    const read = fromAutoK3s(args);
    return { ...read, notes: [...read.notes, ...notes] };
  }
  if (tool === 'plan') {
    const found = devices.length > 0 ? devices : [...files.values()].flatMap(devicesIn);
    const missing =
      found.length > 0
        ? []
        : ['k3sup plan reads its machines from a file: import that file together with the command.'];
    return { commands: fromK3supPlan(args, found), notes: [...missing, ...notes] };
  }
  const read = tool === 'k3sup' ? fromK3sup(args, variables) : fromScript({ args, variables, scriptUrl, config });
  return { commands: atNamedPlaces({ ...read, ...place, notes: [...notes, ...read.notes] }, named), notes: [] };
}

/** Variables of K3s that no command uses, such as those of an environment file. */
export function bareVariables(variables: Readonly<Record<string, string>>): readonly InstallCommand[] {
  const names = Object.keys(variables).filter(
    (name) => /^(?:INSTALL_)?K3S_/.test(name) && (optionOfVariable(name) !== undefined || name.startsWith('INSTALL')),
  );
  if (names.length === 0) return [];
  const read = fromScript({ args: [], variables });
  const one = Object.keys(read.options).some(isOfOneMachine);
  return [
    {
      ...read,
      ...(one ? {} : { ofAll: true as const }),
      notes: [
        ...read.notes,
        `No command uses ${names.join(', ')}: what they say was taken over for ${one ? `one ${read.role}` : `all ${read.role}s`}.`,
      ],
    },
  ];
}
