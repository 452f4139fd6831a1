import { imageVersion } from '../containerImage';

/** K3s as a container, which is started with what its install script would be given. */
export interface ContainerRun {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly note: string;
}

const PROGRAM = /^(?:docker|podman|nerdctl)$/;
/** Flags of `docker run` without a value. https://docs.docker.com/reference/cli/docker/container/run/ */
const SWITCH = /^(?:-[ditPq]+|--(?:detach|interactive|tty|privileged|rm|init|publish-all|read-only|no-healthcheck))$/;

/** `docker run … rancher/k3s server …`; undefined for anything else. */
export function containerRun([program = '', ...args]: readonly string[]): ContainerRun | undefined {
  if (!PROGRAM.test(program) || !args.includes('run')) return undefined;
  const variables: Record<string, string> = {};
  const left: string[] = [];
  let index = args.indexOf('run') + 1;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-')) break;
    const [, flag = arg, inline] = /^(--?[\w-]+)=(.*)$/s.exec(arg) ?? [];
    const value = inline ?? (SWITCH.test(arg) ? undefined : args[(index += 1)]);
    const [, name, text] = /^(\w+)=(.*)$/s.exec(value ?? '') ?? [];
    if (/^(?:-e|--env)$/.test(flag) && name !== undefined) variables[name] = text ?? '';
    else left.push(value === undefined ? flag : `${flag} ${value}`);
  }
  const image = args[index] ?? '';
  if (!/(?:^|\/)k3s(?:[:@]|$)/.test(image)) return undefined;
  const version = imageVersion(image);
  return {
    args: args.slice(index + 1),
    variables: { ...variables, ...(version === undefined ? {} : { INSTALL_K3S_VERSION: version }) },
    note: `${program} runs K3s in a container; K3s HA installs it on a machine. Not taken over: ${left.join(', ') || 'nothing else'}.`,
  };
}
