import type { RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';
import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { takeAccess } from '../../core/kubeconfig/takenAccess';
import type { ApiEndpoint } from '../../engine/ports';

/** What a connection needs of a kubeconfig. */
export interface LoadedAccess {
  readonly config: KubeConfig;
  readonly server: URL;
  readonly tls: ConnectionOptions;
  readonly headers: Record<string, string>;
  /** Through the `proxy-url` of the kubeconfig. */
  readonly proxied: boolean;
}

/**
 * Reads the kubeconfig of an endpoint; runs its credential program and opens its paths only if it is the person's own.
 * Problem: `kubeconfig-invalid`. Parser messages quote the file, which holds a private key: they are never passed on.
 */
export async function loadAccess({ kubeconfig, trust }: ApiEndpoint): Promise<Result<LoadedAccess, Problem>> {
  const config = new KubeConfig();
  try {
    if (trust === 'own') config.loadFromString(kubeconfig);
    else {
      const fault = loadData(config, kubeconfig);
      if (fault !== undefined) return invalid(fault);
    }
    const cluster = config.getCurrentCluster();
    if (!cluster || !config.getCurrentUser())
      return invalid('Its current context names no cluster and user of the file.');
    if (cluster.skipTLSVerify) return invalid('It has insecure-skip-tls-verify, so anybody could pose as the cluster.');
    const server = new URL(cluster.server);
    if (server.protocol !== 'https:') return invalid(`Its address ${server.origin} is not https.`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(options.headers as Record<string, string>),
    };
    if (typeof options.auth === 'string')
      headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    return ok({
      config,
      server,
      tls: { ca: options.ca, cert: options.cert, key: options.key },
      headers,
      proxied: Boolean(cluster.proxyUrl),
    });
  } catch {
    return invalid('It is not valid YAML, or an address, certificate or key in it cannot be read.');
  }
}

/**
 * Gives client-node an access that is built here out of known fields: reading the text itself, it would open files that
 * the text names. Tells what makes the text unusable.
 */
function loadData(config: KubeConfig, kubeconfig: string): string | undefined {
  const taken = takeAccess(kubeconfig);
  if (!taken.ok) return taken.error.why ?? taken.error.message;
  const { server, tlsServerName, authority, certificate, key, leftOut } = taken.value;
  if (leftOut.length > 0) {
    return `It is not your own, and it holds more than a CA, a client certificate and a client key: ${leftOut.join('; ')}.`;
  }
  if (typeof server !== 'string' || (tlsServerName !== undefined && typeof tlsServerName !== 'string')) {
    return 'Its address or tls-server-name is not a text.';
  }
  const name = tlsServerName === undefined ? {} : { tlsServerName };
  config.loadFromClusterAndUser(
    { name: 'cluster', server, caData: authority, skipTLSVerify: false, ...name },
    { name: 'user', certData: certificate, keyData: key },
  );
  return undefined;
}

function invalid(why: string): Result<never, Problem> {
  return err(
    problem('kubeconfig-invalid', 'The kubeconfig cannot be used.', {
      why,
      nextSteps: ['Fetch the kubeconfig from a server again.'],
    }),
  );
}
