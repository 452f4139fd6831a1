import { imageVersion } from '../containerImage';
import type { InstallCommand, Reading, SourceText } from '../installCommand';
import { splitArguments } from '../optionArguments';
import { markValue } from '../placeholder';
import { quotedList } from '../quoted';
import { fromScript } from '../scriptCommand';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

type Data = Readonly<Record<string, unknown>>;

/** Services of Docker Compose that run K3s; each is a machine. https://github.com/k3s-io/k3s/blob/master/docker-compose.yml */
export const composeFile: Reader = {
  name: 'a Compose file',
  claims: ({ text }) => /^services[ \t]*:/m.test(text) && servicesOf(text).some(([, service]) => isK3s(service)),
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

function servicesOf(text: string): readonly (readonly [string, Data])[] {
  const services = recordOf(recordOf(readYaml(text))?.['services']) ?? {};
  return Object.entries(services).map(([name, service]) => [name, recordOf(service) ?? {}]);
}

function isK3s(service: Data): boolean {
  return /(?:^|\/)k3s(?:[:@]|$)/.test(scalarOf(service['image']) ?? '');
}

function readOne({ text }: SourceText): Reading {
  const left: string[] = [];
  const commands = servicesOf(text).flatMap(([name, service]) => {
    if (!isK3s(service)) {
      left.push(`${name}: ${JSON.stringify(service)}`);
      return [];
    }
    for (const [key, value] of Object.entries(service))
      if (
        !/^(?:image|command|environment|privileged|restart|tmpfs|ulimits|container_name|hostname|deploy|scale)$/.test(
          key,
        )
      )
        left.push(`${key}: ${JSON.stringify(value)}`);
    return machinesOf(name, service);
  });
  return {
    commands,
    notes: [
      'Compose runs K3s in containers; K3s HA installs it on machines. Fill in their addresses.',
      ...(left.length === 0 ? [] : [`Parts of the Compose file that were not taken over: ${quotedList(left)}.`]),
    ],
  };
}

function machinesOf(name: string, service: Data): readonly InstallCommand[] {
  const command = service['command'];
  const args = (Array.isArray(command) ? listOf(command).map(String) : splitArguments(scalarOf(command) ?? ''))
    .map(value)
    .filter((word, index) => !(index === 0 && /(?:^|\/)k3s$/.test(word)));
  const version = imageVersion(value(scalarOf(service['image']) ?? ''));
  const variables = { ...environmentOf(service), ...(version === undefined ? {} : { INSTALL_K3S_VERSION: version }) };
  const read = fromScript({ args, variables });
  const copies = Math.min(
    Number(scalarOf(recordOf(service['deploy'])?.['replicas']) ?? scalarOf(service['scale']) ?? 1) || 1,
    100,
  );
  return Array.from({ length: copies }, (_none, index) => ({
    ...read,
    // Others join it by the name of the service.
    options: { 'node-name': index === 0 ? name : `${name}-${index + 1}`, ...read.options },
  }));
}

function environmentOf(service: Data): Record<string, string> {
  const given = service['environment'];
  const pairs = Array.isArray(given)
    ? listOf(given).map((item) => /^(\w+)=(.*)$/s.exec(scalarOf(item) ?? '')?.slice(1) ?? [])
    : Object.entries(recordOf(given) ?? {}).map(([key, text]) => [key, scalarOf(text)]);
  return Object.fromEntries(
    pairs.flatMap(([key, text]) => (key === undefined || text === undefined ? [] : [[key, value(text)]])),
  );
}

/** `${NAME:-value}` is that value, other variables are placeholders. https://docs.docker.com/reference/compose-file/interpolation/ */
function value(text: string): string {
  return markValue(text.replace(/\$\{\w+:?-([^{}]*)\}/g, '$1').replaceAll('$$', '$'));
}
