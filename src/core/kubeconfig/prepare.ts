import { Document } from 'yaml';
import type { Problem } from '../base/problem';
import { problem } from '../base/problem';
import type { Result } from '../base/result';
import { err, ok } from '../base/result';
import type { Fields } from './kubeconfigText';
import { entriesOf, findEntry, readKubeconfig } from './kubeconfigText';
import { quoteForKubectl } from './quoting';

/** The access to one cluster, under one name for cluster, context and user, ready to be used alone or merged. */
export interface PreparedKubeconfig {
  readonly name: string;
  /** `https://host:port` */
  readonly server: string;
  readonly cluster: Fields;
  readonly user: Fields;
  /** A whole kubeconfig with just this cluster and its context selected. Holds a private key. */
  readonly text: string;
}

interface PrepareOptions {
  readonly name: string;
  /** `https://host:port` of the load balancer. */
  readonly server: string;
  /** Name to verify the server certificate against when it does not list the host of `server`. */
  readonly tlsServerName?: string;
}

/**
 * Turns the k3s.yaml of a server into the access for users: K3s calls everything "default" and points at 127.0.0.1
 * (https://docs.k3s.io/cluster-access), so without new names a second cluster would be invisible to kubectl.
 */
export function prepare(k3sYaml: string, options: PrepareOptions): Result<PreparedKubeconfig, Problem> {
  if (!/^https:\/\/[^/\s]+$/.test(options.server)) {
    return err(problem('kubeconfig-server', `"${options.server}" is not an address for a kubeconfig; it must look like https://host:port.`, { nextSteps: ['Set loadBalancer.address and loadBalancer.port.'] }));
  }
  const read = readKubeconfig(k3sYaml);
  if (!read.ok) return read;
  const { data } = read.value;
  const context = findEntry(data, 'contexts', data['current-context']) ?? entriesOf(data, 'contexts')[0]?.body;
  const cluster = findEntry(data, 'clusters', context?.cluster);
  const user = findEntry(data, 'users', context?.user);
  if (cluster === undefined || user === undefined || Object.keys(user).length === 0) {
    return err(problem('kubeconfig-incomplete', 'The kubeconfig of the server is incomplete: it has no context with a cluster and credentials.', {
      nextSteps: ['K3s writes /etc/rancher/k3s/k3s.yaml at each start of a server; restart K3s on the server and try again.'],
    }));
  }
  const { 'insecure-skip-tls-verify': _never, 'tls-server-name': _old, ...rest } = cluster;
  const reached = { ...rest, server: options.server };
  return ok(named(options.name, options.tlsServerName === undefined ? reached : { ...reached, 'tls-server-name': options.tlsServerName }, user));
}

/** The same access under another name. */
export function renamed(prepared: PreparedKubeconfig, name: string): PreparedKubeconfig {
  return name === prepared.name ? prepared : named(name, prepared.cluster, prepared.user);
}

/** What the context of `prepared` must say. */
export function contextFields(prepared: PreparedKubeconfig): Fields {
  return { cluster: prepared.name, user: prepared.name };
}

function named(name: string, cluster: Fields, user: Fields): PreparedKubeconfig {
  return { name, server: cluster.server as string, cluster, user, text: printAccess(name, cluster, user) };
}

/** A whole kubeconfig with one cluster and one user under one name, selected. */
export function printAccess(name: string, cluster: Fields, user: Fields): string {
  const document = new Document({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user }],
    'current-context': name,
  });
  quoteForKubectl(document.contents);
  return document.toString({ lineWidth: 0, indentSeq: false });
}
