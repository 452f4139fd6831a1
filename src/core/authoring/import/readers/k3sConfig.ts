import { readConfigFile } from '../configFile';
import { machinesOfConfigs } from '../configSections';
import type { InstallCommand, SourceText } from '../installCommand';
import { fromConfigFile, laterOptions, takeConfig } from '../machineFiles';
import type { Reader } from './reader';

const DROP_IN = /config\.ya?ml\.d\/|(?:^|\/)\d+-[\w-]+\.ya?ml$/;

/** `config.yaml` of K3s, one or several, and what lies in `config.yaml.d`. */
export const k3sConfig: Reader = {
  name: 'a configuration of K3s',
  claims: ({ text }) => machinesOfConfigs(text).length > 0,
  read(sources) {
    const dropIns = sources.filter(({ name, text }) => DROP_IN.test(name ?? '') && readConfigFile(text) !== undefined);
    const whole = sources.filter((source) => !dropIns.includes(source));
    const commands = whole.flatMap(({ name, text }) => machinesOfConfigs(text, name));
    return { commands: dropIns.length === 0 ? commands : withDropIns(commands, dropIns), notes: [] };
  },
};

/** Drop-ins belong to the one configuration beside them, or are one themselves. */
function withDropIns(commands: readonly InstallCommand[], dropIns: readonly SourceText[]): readonly InstallCommand[] {
  const files = new Map(dropIns.map(({ name = '', text }) => [`config.yaml.d/${name.replace(/^.*\//, '')}`, text]));
  const config = takeConfig(files);
  if (config === undefined) return commands;
  const [only] = commands;
  if (only === undefined) return [fromConfigFile(config, undefined)];
  return commands.map((command) => ({
    ...command,
    role: command.role === 'agent' && config.role === 'server' ? 'server' : command.role,
    options: laterOptions(command.options, config),
    notes: [...command.notes, ...config.notes],
  }));
}
