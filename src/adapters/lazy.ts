import type * as kube from './kubernetes/api';
import type * as ssh from './ssh/hosts';

/**
 * The two heavy libraries live in bundles of their own, beside this one, and are loaded at first use: together they
 * cost more than everything else. https://code.visualstudio.com/api/working-with-extensions/bundling-extension
 */
export function loadSsh(): typeof ssh {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./ssh.js') as typeof ssh;
}

export function loadKubernetes(): typeof kube {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./kube.js') as typeof kube;
}
