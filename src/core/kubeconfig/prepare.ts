import { Document } from 'yaml';
import type { Problem } from '../base/problem';
import { problem } from '../base/problem';
import type { Result } from '../base/result';
import { err, ok } from '../base/result';
import type { Fields } from './fields';
import { quoteForKubectl } from './quoting';
import { takeAccess } from './takenAccess';

/** The access to one cluster, under one name for cluster, context and user, ready to be used alone or merged. */
export interface PreparedKubeconfig {
  readonly name: string;
  /** `https://host:port` */
  readonly server: string;
  readonly cluster: Fields;
  readonly user: Fields;
  /** A whole kubeconfig with just this cluster and its context selected. Holds a private key. */
  readonly text: string;
  /** What the kubeconfig held besides and was not taken, in words without values. */
  readonly leftOut: readonly string[];
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
 * The text is data of a host: CA, client certificate and client key are taken ({@link takeAccess}), all else is built here.
 */
export function prepare(k3sYaml: string, options: PrepareOptions): Result<PreparedKubeconfig, Problem> {
  if (!/^https:\/\/[^/\s]+$/.test(options.server)) {
    return err(
      problem(
        'kubeconfig-server',
        `"${options.server}" is not an address for a kubeconfig; it must look like https://host:port.`,
        { nextSteps: ['Set loadBalancer.address and loadBalancer.port.'] },
      ),
    );
  }
  const taken = takeAccess(k3sYaml);
  if (!taken.ok) return taken;
  const { authority, certificate, key, leftOut } = taken.value;
  const name = options.tlsServerName === undefined ? {} : { 'tls-server-name': options.tlsServerName };
  const cluster = { 'certificate-authority-data': authority, server: options.server, ...name };
  const user = { 'client-certificate-data': certificate, 'client-key-data': key };
  const given = taken.value.tlsServerName;
  const isTaken = given === undefined || given === options.tlsServerName;
  return ok(named(options.name, cluster, user, isTaken ? leftOut : [...leftOut, 'the cluster: tls-server-name']));
}

/** The same access under another name. */
export function renamed(prepared: PreparedKubeconfig, name: string): PreparedKubeconfig {
  return name === prepared.name ? prepared : named(name, prepared.cluster, prepared.user, prepared.leftOut);
}

/** What the context of `prepared` must say. */
export function contextFields(prepared: PreparedKubeconfig): Fields {
  return { cluster: prepared.name, user: prepared.name };
}

function named(name: string, cluster: Fields, user: Fields, leftOut: readonly string[]): PreparedKubeconfig {
  return { name, server: cluster.server as string, cluster, user, text: printAccess(name, cluster, user), leftOut };
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
