import { problem } from '../../src/core/base/problem';
import { err, ok } from '../../src/core/base/result';
import { sha256 } from '../../src/adapters/system/sha256';
import type { InstallScript } from '../../src/core/remote/install';
import { SCRIPT_UNREACHABLE, type InstallScripts } from '../../src/engine/ports';

const TEXT = '#!/bin/sh\n# the install script of a test\n';

/** A script that this machine has, for tests that are not about it. */
export const SOME_SCRIPT: InstallScript = { text: TEXT, sha256: sha256(TEXT) };

/** A machine that gets `text` from every address and every path. */
export function reachableScripts(text = TEXT): InstallScripts {
  return { fetch: async (url) => ok({ text, finalUrl: url }), read: async () => ok(text) };
}

/** A machine without a way to any address. */
export const unreachableScripts: InstallScripts = {
  fetch: async (url) =>
    err(problem(SCRIPT_UNREACHABLE, `${url} could not be reached`, { why: 'getaddrinfo ENOTFOUND get.k3s.io' })),
  read: async (path) => err(problem('install-script-unreadable', `${path} is not there`)),
};
