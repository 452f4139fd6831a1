import * as childProcess from 'node:child_process';
import * as dns from 'node:dns';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import * as path from 'node:path';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Records calls into Node's file, network and process modules, and timers, that files under `folder` make themselves.
 * The caller is found in the stack, so neither other extensions count nor what VS Code does inside an API call of ours.
 * The functions are the ones that `require` hands out, so a bundle that was loaded before is watched as well.
 */
export function watchInputOutput(folder: string): { calls(): readonly string[]; stop(): void } {
  const calls: string[] = [];
  const undo: (() => void)[] = [];
  /** Frames: this function, the replacement that called it, and the caller of that. */
  const calledFromFolder = () => new Error().stack?.split('\n')[3]?.includes(`${folder}${path.sep}`) === true;
  const watch = (owner: object, label: string) => {
    const table = owner as Record<string, unknown>;
    for (const name of Object.keys(table)) {
      const original = table[name];
      // constructors (fs.Stats, net.Socket) are left alone: replacing them breaks instanceof for everybody
      if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
      const replacement: AnyFunction = function (this: unknown, ...args) {
        if (calledFromFolder()) calls.push(`${label}.${name}(${typeof args[0] === 'string' ? args[0] : ''})`);
        return (original as AnyFunction).apply(this, args);
      };
      Object.assign(replacement, original); // fs.realpath.native and the like
      try {
        table[name] = replacement;
      } catch {
        continue; // a getter, for example a deprecated alias
      }
      undo.push(() => {
        table[name] = original;
      });
    }
  };
  // CommonJS modules: what the namespace import holds under `default` is the object that every require() returns
  const shared = (namespace: object) => ('default' in namespace ? (namespace.default as object) : namespace);
  watch(shared(fs), 'fs');
  watch(fs.promises, 'fs.promises');
  watch(shared(net), 'net');
  watch(shared(tls), 'tls');
  watch(shared(dns), 'dns');
  watch(shared(http), 'http');
  watch(shared(https), 'https');
  watch(shared(childProcess), 'child_process');
  const timers = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval };
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = timers[name] as unknown as AnyFunction;
    const replacement: AnyFunction = function (this: unknown, ...args) {
      if (calledFromFolder()) calls.push(`${name}(${String(args[1])})`);
      return original.apply(this, args);
    };
    Object.assign(globalThis, { [name]: Object.assign(replacement, original) });
  }
  return {
    calls: () => calls,
    stop: () => {
      for (const restore of undo) restore();
      Object.assign(globalThis, timers);
    },
  };
}
