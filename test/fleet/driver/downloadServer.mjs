// What the hosts of a fleet find instead of get.k3s.io, update.k3s.io and github.com. Runs in the LAN namespace.
// usage: node downloadServer.mjs ADDRESS SITE_FOLDER CERTIFICATE KEY CHANNEL_VERSION
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';

const [address, site, certificate, key, channelVersion] = process.argv.slice(2);
const RELEASE = /^\/k3s-io\/k3s\/releases\/download\/(v[0-9.]+\+k3s[0-9]+)\/(k3s|sha256sum-amd64\.txt)$/;
const CHANNEL = /^\/v1-release\/channels\/(stable|latest|v[0-9.]+)$/;
const TAG = /^\/k3s-io\/k3s\/releases\/tag\//;

async function answer(request, response) {
  const host = request.headers.host ?? '';
  const path = decodeURIComponent(new URL(request.url, 'https://x').pathname);
  process.stdout.write(`${request.method} ${host}${path}\n`);
  const send = (status, headers, body) =>
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
  if (CHANNEL.test(path))
    return send(302, { location: `https://github.com/k3s-io/k3s/releases/tag/${encodeURIComponent(channelVersion)}` });
  if (TAG.test(path)) return send(200, { 'content-type': 'text/html' }, 'release\n');
  const [, version, name] = RELEASE.exec(path) ?? [];
  const file =
    path === '/install.sh' || (path === '/' && host.startsWith('get.'))
      ? join(site, 'install.sh')
      : version && join(site, version, name);
  const body = file ? await readFile(file).catch(() => undefined) : undefined;
  return body === undefined ? send(404, {}, 'not found\n') : send(200, { 'content-length': body.length }, body);
}

const listen = (server, port) =>
  new Promise((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
await listen(createHttpsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer), 443);
await listen(createHttpServer(answer), 80);
process.stdout.write('listening\n');
