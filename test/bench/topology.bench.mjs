/* global window, MutationObserver, WheelEvent, requestAnimationFrame -- functions that run in the page */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { modernNode, mustRun } from '../../scripts/lib/processes.mjs';
import { build } from 'esbuild';
import { fromSource } from './source.mjs';

export const name = 'topology diagram, 1000 agents';

/** Targets on an idle machine, in milliseconds; a frame is that of a display with 60 in a second. */
const TARGETS = { layout: 5, paint: 200, frame: 1000 / 60 + 0.5, update: 16 };

/** In Chromium, with the page and the bundle that ship, beside elkjs and dagre laying out the same graph in the same browser. */
export async function run() {
  const { topologyHtml } = await fromSource('topologyPage', `export { topologyHtml } from './src/contract/html';`);
  const folder = mkdtempSync(path.join(tmpdir(), 'topology-bench-'));
  await mustRun(modernNode(), [inRoot('webview', 'harness', 'build.mjs'), folder]);
  await build({
    entryPoints: [inRoot('test', 'bench', 'layouts.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome138',
    outfile: path.join(folder, 'compared.js'),
    logLevel: 'error',
  });
  const read = (file) => readFileSync(path.join(folder, file), 'utf8');
  const site = await serve((origin) => ({
    '/topology.js': ['text/javascript', read('topology.js')],
    '/topology.css': ['text/css', `${read('themes.css')}\n${read('topology.css')}`],
    '/': [
      'text/html',
      topologyHtml({
        scriptUri: `${origin}/topology.js`,
        styleUri: `${origin}/topology.css`,
        nonce: 'n0nce',
        cspSource: origin,
        title: 'Topology',
      }),
    ],
    '/empty': ['text/html', '<!DOCTYPE html><title>empty</title>'],
  }));
  const { group, expanded } = await snapshots();
  const scripts = {
    group: `${group}\n${read('fakeHost.js')}`,
    expanded: `${expanded}\n${read('fakeHost.js')}`,
    compared: read('compared.js'),
  };
  rmSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const open = async (address, script) => {
      const page = await (await browser.newContext({ viewport: { width: 1400, height: 1000 } })).newPage();
      if (script !== undefined) await page.addInitScript(script);
      await page.goto(`${site.origin}${address}`);
      return page;
    };
    return [
      ...(await layouts(open, scripts.compared)),
      ...(await paints(open, scripts.group)),
      ...(await moves(open, scripts.expanded)),
    ];
  } finally {
    await browser.close();
    site.close();
  }
}

/** The pages on a port of this machine: `files` gives type and text by path. */
async function serve(files) {
  const server = createServer((request, response) => {
    const file = all[new URL(request.url, origin).pathname];
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.[0] ?? 'text/plain' }).end(file?.[1]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const all = files(origin);
  return { origin, close: () => server.closeAllConnections() ?? server.close() };
}

/** Scripts that have the snapshots ready, with the agents as a group or each drawn: the extension does that work in another process than the page. */
async function snapshots() {
  await fromSource('snapshots', `import './test/webview/harnessCore';`);
  const { snapshot, agentChange } = globalThis.topologyCore;
  const group = snapshot('large', [], [], 1);
  const expanded = snapshot(
    'large',
    [],
    group.graph.parts.filter(({ kind }) => kind === 'agents').map(({ id }) => id),
    1,
  );
  const script = (value) =>
    `globalThis.topologyCore = { names: [], agentChange: ${agentChange.toString()}, snapshot: (name, chosen, expanded, revision) => ({ ...JSON.parse(${JSON.stringify(JSON.stringify(value))}), revision }) };`;
  return { group: script(group), expanded: script(expanded) };
}

async function layouts(open, script) {
  const page = await open('/empty', script);
  const time = (what, runs) =>
    page.evaluate(
      async ([name, count]) => {
        const times = [];
        for (let i = 0; i < count + 3; i++) {
          const start = performance.now();
          await window.compared[name]();
          if (i >= Math.min(3, count - 1)) times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b);
      },
      [what, runs],
    );
  const [ours, expanded, elk, dagre] = [
    await time('ours', 30),
    await time('oursExpanded', 30),
    await time('elk', 2),
    await time('dagre', 2),
  ];
  const median = (times) => times[Math.floor(times.length / 2)];
  const row = (what, times, more) => ({
    what,
    value: median(times).toFixed(2),
    unit: 'ms',
    note: `p95 ${times[Math.floor(times.length * 0.95)].toFixed(2)}${more}`,
  });
  await page.context().close();
  return [
    row('layout, agents as a group', ours, met(median(ours), TARGETS.layout)),
    row('layout, every agent drawn', expanded, met(median(expanded), TARGETS.layout)),
    row('the same by elkjs', elk, `, ${(median(elk) / median(expanded)).toFixed(0)} times as long`),
    row('the same by dagre', dagre, `, ${(median(dagre) / median(expanded)).toFixed(0)} times as long`),
  ];
}

async function paints(open, script) {
  const times = [];
  for (let i = 0; i < 7; i++) {
    // A new window of the browser is busy with itself for a while.
    const page = await open('/empty', `${script}\n(${watchFirstPaint.toString()})();`);
    await page.waitForTimeout(1500);
    await page.goto(new URL('/?scenario=large&theme=dark', page.url()).href);
    await page.locator('[data-part="server:server-3"]').waitFor();
    times.push(await page.evaluate(() => window.painted));
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  return [
    {
      what: 'first paint after the page is opened',
      value: times[3].toFixed(0),
      unit: 'ms',
      note: `from the start of loading, of 7 pages${met(times[3], TARGETS.paint)}`,
    },
  ];
}

/** Runs in the page: the time from the start of the navigation to the frame that shows the first part. */
function watchFirstPaint() {
  window.painted = new Promise((resolve) => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('[data-part]') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
}

async function moves(open, script) {
  const page = await open('/?scenario=large&theme=dark', script);
  await page.locator('[data-part="agent:agent-999"]').waitFor({ state: 'attached' });
  const frames = await page.evaluate(async () => {
    const svg = document.querySelector('svg.diagram');
    const gaps = [];
    let last;
    const until = performance.now() + 2000;
    for (let i = 0; performance.now() < until; i++) {
      svg.dispatchEvent(
        new WheelEvent('wheel', {
          deltaY: i % 2 === 0 ? 20 : -18,
          ctrlKey: i % 3 === 0,
          bubbles: true,
          cancelable: true,
          clientX: 400,
          clientY: 400,
        }),
      );
      const now = await new Promise((resolve) => requestAnimationFrame(resolve));
      if (last !== undefined) gaps.push(now - last);
      last = now;
    }
    gaps.sort((a, b) => a - b);
    return {
      rate: 1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length),
      p95: gaps[Math.floor(gaps.length * 0.95)],
    };
  });
  const update = await page.evaluate(async () => {
    const times = [];
    const agent = document.querySelector('[data-part="agent:agent-500"]').parentElement;
    for (let i = 0; i < 40; i++) {
      window.changeStatus(i);
      // The page's own listener came first; asking for a size makes the browser lay the page out.
      const arrived = await new Promise((resolve) =>
        window.addEventListener('message', (event) => resolve(event.timeStamp), { once: true }),
      );
      agent.getBoundingClientRect();
      times.push(performance.now() - arrived);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return times.sort((a, b) => a - b);
  });
  await page.context().close();
  return [
    {
      what: 'pan and zoom, every agent drawn',
      value: frames.rate.toFixed(0),
      unit: 'frames/s',
      note: `p95 of a frame ${frames.p95.toFixed(1)} ms; target 60 ${frames.p95 <= TARGETS.frame ? 'met' : 'missed'} for 95 of 100 frames`,
    },
    {
      what: "update of one node's status, every agent drawn",
      value: update[20].toFixed(1),
      unit: 'ms',
      note: `p95 ${update[37].toFixed(1)}, from the arrival of the message until the page is laid out${met(update[20], TARGETS.update)}`,
    },
  ];
}

function met(value, target) {
  return `, target ${target} ${value <= target ? 'met' : 'missed'}`;
}
