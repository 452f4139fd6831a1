import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromWebview } from '../../src/contract/messages';
import { startHarness, type Harness, type OpenPage, type Theme } from './page';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Opens a scenario, runs the test, and insists that the browser had nothing to complain about. */
async function show(
  scenario: string,
  test: (open: OpenPage) => Promise<void>,
  options?: Parameters<Harness['open']>[1],
): Promise<void> {
  const open = await harness.open(scenario, options);
  try {
    await test(open);
    expect(open.complaints).toEqual([]);
    expect(await open.refused()).toEqual([]);
  } finally {
    await open.close();
  }
}

/** What a message about the state says above the picture, in the page's own language. */
const HEAD = `{ mode: 'now', base: 'now', note: '', outcome: 'yes', words: 'All is well.', question: 'Now', warning: '' }`;

/** Waits long enough for a busy machine. */
const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 15_000 });
const part = (open: OpenPage, id: string): ReturnType<OpenPage['page']['locator']> =>
  open.page.locator(`[data-part="${id}"]`);
const focused = (open: OpenPage): Promise<string | null> =>
  open.page.evaluate<string | null>('document.activeElement.getAttribute("data-part")');

describe('the diagram', () => {
  it('shows parts, ports, title and verdict', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('edge');
      expect(await page.locator('.verdict').textContent()).toContain('Survives the loss of any 1 of 3 servers');
      for (const id of ['load-balancer', 'server:server-3', 'etcd:server-3', 'agent:agent-4'])
        expect(await part(open, id).isVisible()).toBe(true);
      const labels = await page.locator('.wire-label').allTextContents();
      expect(labels).toEqual(
        expect.arrayContaining([
          'TCP 6443, any server',
          'TCP 2379',
          'registration → 10.0.0.100:6443',
          'between members TCP 2379–2380',
        ]),
      );
      expect(await page.getByText('Simulation').isVisible()).toBe(false);
    }));

  it('says that a practice cluster is simulated, what runs and how far it is', () =>
    show('running', async ({ page }) => {
      expect(await page.getByText('Simulation', { exact: true }).isVisible()).toBe(true);
      expect(await page.locator('.run').textContent()).toBe('Starting server-2 (7 of 31)');
    }));

  it('gives every state its own shape and words', () =>
    show('running', async ({ page }) => {
      const shapes = await page.evaluate<string[]>(
        '[...document.querySelectorAll(".legend .icon")].map((icon) => icon.innerHTML)',
      );
      expect(shapes.length).toBeGreaterThanOrEqual(7);
      expect(new Set(shapes).size).toBe(shapes.length);
      expect(await page.locator('.diagram .status').allTextContents()).toEqual(
        expect.arrayContaining(['ready', 'starting', 'not ready', 'not installed']),
      );
    }));

  it('treats text of the file as text', () =>
    show('hostile', async ({ page }) => {
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('<img src=x onerror="window.hacked=1">');
      await page.locator('[data-part="server:server-1"]').click();
      expect(await page.locator('.details .marks').textContent()).toContain('<script>window.hacked=1</script>');
      expect(await page.evaluate('window.hacked')).toBeUndefined();
    }));

  it('shows findings as marks, and the words at the selected part', () =>
    show('findings', async (open) => {
      expect(await part(open, 'server:server-1').locator('.mark-error').count()).toBe(1);
      expect(await part(open, 'agents').locator('.mark-warning').count()).toBe(1);
      expect(await open.page.locator('.side').textContent()).toContain('The token stands in the file in plain text.');
    }));
});

describe('pointing', () => {
  it('a click tells the editor and shows the details', () =>
    show('embedded-3', async (open) => {
      await part(open, 'server:server-2').click();
      expect(await open.posted()).toContainEqual({ type: 'select', partId: 'server:server-2', open: false });
      expect(await open.page.locator('.details h2').textContent()).toBe('server-2');
    }));

  it('changes are asked of the editor, for the cluster, a part or a finding', () =>
    show('findings', async (open) => {
      const { page } = open;
      const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
      await press('Add Server…');
      await part(open, 'server:server-1').click();
      await page.locator('.details').getByRole('button', { name: 'Set Zone…' }).click();
      await page.locator('.details').getByRole('button', { name: 'Remove' }).click();
      expect((await open.posted()).filter(({ type }) => type === 'edit')).toEqual([
        { type: 'edit', change: 'addServer' },
        { type: 'edit', change: 'setZone', partId: 'server:server-1' },
        { type: 'edit', change: 'removeNode', partId: 'server:server-1' },
      ]);
    }));

  it('an agent that is dragged to the servers becomes one, and elsewhere nothing', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      const carry = async (to: string): Promise<void> => {
        const [from, target] = [await part(open, 'agent:agent-1').boundingBox(), await part(open, to).boundingBox()];
        if (from === null || target === null) throw new Error('not drawn');
        await page.mouse.move(from.x + 20, from.y + 20);
        await page.mouse.down();
        await page.mouse.move(target.x + 30, target.y + 30, { steps: 5 });
        await page.mouse.up();
      };
      await carry('clients');
      expect((await open.posted()).filter(({ type }) => type === 'edit')).toEqual([]);
      await carry('server:server-2');
      expect((await open.posted()).filter(({ type }) => type === 'edit')).toEqual([
        { type: 'edit', change: 'promote', partId: 'agent:agent-1' },
      ]);
    }));

  it('what takes the API down can be tried, and whether a part may go is said', () =>
    show('embedded-3', async (open) => {
      await open.page.getByRole('button', { name: 'Try the loss of any 2 of 3 servers' }).click();
      await eventually(() => open.page.locator('.answer-no').first().textContent()).toContain(
        'Does the API answer? no',
      );
      await open.page.keyboard.press('Escape');
      await part(open, 'server:server-3').click();
      await eventually(() => open.page.locator('.details').textContent()).toContain('May I take it down now?');
    }));

  it('a network between zones can be cut', () =>
    show('two-zones', async (open) => {
      await part(open, 'network:rack-a|rack-b').focus();
      await open.page.keyboard.press('Space');
      await eventually(() => open.page.locator('.side').textContent()).toContain(
        'The network rack-a – rack-b is cut: server-3 stands apart',
      );
      expect(await part(open, 'server:server-3').getAttribute('aria-label')).toContain('cut off');
      expect(await part(open, 'network:rack-a|rack-b').getAttribute('aria-label')).toContain('cut');
    }));

  it('a plan says what will change on which part', () =>
    show('planned', async (open) => {
      expect(await part(open, 'server:server-1').getAttribute('aria-label')).toContain('2 steps planned');
      await part(open, 'server:server-1').click();
      expect(await open.page.locator('.details .steps li').allInnerTexts()).toEqual([
        'Install and unpack K3s v1.36.3+k3s1 as server to do',
        'Start K3s to do',
      ]);
    }));

  it('a run says how far each host is, step by step', () =>
    show('running', async (open) => {
      await part(open, 'server:server-2').click();
      expect(await open.page.locator('.details .steps li').allInnerTexts()).toEqual([
        'Write the configuration done',
        'Install K3s at work',
        'Start K3s to do',
      ]);
    }));

  it('what has the focus beside the picture keeps it while the cluster changes', () =>
    show('large', async (open) => {
      await open.page.getByRole('button', { name: 'Try the loss of any 2 of 3 servers' }).focus();
      await open.page.evaluate('changeStatus(0)');
      await eventually(() => open.page.locator('.legend').textContent()).toContain('not ready');
      expect(await open.page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
        'Try the loss of any 2 of 3 servers',
      );
    }));

  it('a live cluster says what each node is, and where it is not as the file', () =>
    show('drifted', async (open) => {
      expect(await open.page.locator('.side').innerText()).toMatch(
        /Not as in the file\s+.*old-1 is in the cluster and not in the file\.\s+.*server-1 runs v1\.35\.7\+k3s1, the file says v1\.36\.3\+k3s1\./,
      );
      await part(open, 'server:server-1').click();
      expect(await open.page.locator('.details .facts').innerText()).toContain('etcd: voter');
      // What is played never has the words of what is.
      await part(open, 'server:server-2').focus();
      await open.page.keyboard.press('Space');
      await eventually(() => part(open, 'server:server-2').getAttribute('aria-label')).toContain('what if: down');
    }));

  it('says when the editor does not answer any more, and takes it back when it does', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await page.evaluate('window.deaf = true');
      await part(open, 'server:server-1').focus();
      await page.keyboard.press('Space');
      await eventually(() => page.getByRole('alert').isVisible()).toBe(true);
      await page.evaluate('window.deaf = false');
      await page.keyboard.press('Space');
      await eventually(() => page.getByRole('alert').isVisible()).toBe(false);
    }));

  it('the picture can be taken along: as SVG, as PNG, as Mermaid text', () =>
    show('two-zones', async (open) => {
      const { page } = open;
      for (const name of ['Copy SVG', 'PNG…', 'Copy Mermaid'])
        await page.getByRole('button', { name, exact: true }).click();
      const exports = async () =>
        (await open.posted()).flatMap((message) => (message.type === 'export' ? [message] : []));
      await eventually(async () => (await exports()).length).toBe(3);
      const all = await exports();
      const svg = all.find(({ format }) => format === 'svg')?.content ?? '';
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox/);
      expect(svg).toContain('rack-a');
      const png = Buffer.from(all.find(({ format }) => format === 'png')?.content ?? '', 'base64');
      const [width, height] = [Number(/width="(\d+)"/.exec(svg)?.[1]), Number(/height="(\d+)"/.exec(svg)?.[1])];
      // The size of the image stands in the header of the file, and a page that is not empty does not compress to nothing.
      expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
        'PNG',
        2 * width,
        2 * height,
      ]);
      expect(png.length).toBeGreaterThan(20_000);
      expect(all).toContainEqual({ type: 'export', format: 'mermaid', to: 'clipboard' });
    }));

  it('a drag moves the picture and selects nothing', () =>
    show('embedded-3', async (open) => {
      const before = await part(open, 'clients').boundingBox();
      const { page } = open;
      await page.mouse.move((before?.x ?? 0) + 20, (before?.y ?? 0) + 20);
      await page.mouse.down();
      await page.mouse.move((before?.x ?? 0) + 120, (before?.y ?? 0) + 70, { steps: 4 });
      await page.mouse.up();
      const after = await part(open, 'clients').boundingBox();
      expect(Math.round((after?.x ?? 0) - (before?.x ?? 0))).toBe(100);
      expect(Math.round((after?.y ?? 0) - (before?.y ?? 0))).toBe(50);
      expect((await open.posted()).filter((m) => m.type === 'select')).toEqual([]);
    }));

  it('the picture cannot be pushed out of sight', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      const diagram = page.locator('svg.diagram');
      await diagram.hover();
      for (let i = 0; i < 20; i += 1) await page.mouse.wheel(500, 500);
      const stage = (await page.locator('.stage').boundingBox())!;
      await eventually(async () => {
        const box = (await diagram.boundingBox())!;
        return [Math.round(box.x + box.width - stage.x), Math.round(box.y + box.height - stage.y)];
      }).toEqual([80, 80]);
      await page.mouse.wheel(-20_000, -20_000);
      await eventually(async () => {
        const box = (await diagram.boundingBox())!;
        return [Math.round(stage.x + stage.width - box.x), Math.round(stage.y + stage.height - box.y)];
      }).toEqual([80, 80]);
    }));

  it('Ctrl and the wheel zoom around the pointer; Fit shows all again', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      const width = async (): Promise<number> => Math.round((await part(open, 'clients').boundingBox())?.width ?? 0);
      const before = await width();
      await part(open, 'clients').hover();
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -200);
      await page.keyboard.up('Control');
      await eventually(width).toBeGreaterThan(before * 1.5);
      await page.getByRole('button', { name: 'Fit to window' }).click();
      await eventually(width).toBe(before);
    }));

  it('names of a thousand agents are left out where nobody could read them', () =>
    show('large', async (open) => {
      const { page } = open;
      const display = (): Promise<string> =>
        page.evaluate<string>('getComputedStyle(document.querySelector(".kind-agent .content")).display');
      await part(open, 'agents').focus();
      await page.keyboard.press('e');
      await eventually(() => page.locator('.kind-agent').count()).toBe(1000);
      expect(await display()).toBe('inline');
      for (let i = 0; i < 6; i += 1) await page.keyboard.press('-');
      await eventually(display).toBe('none');
      for (let i = 0; i < 6; i += 1) await page.keyboard.press('+');
      await eventually(display).toBe('inline');
    }));

  it('the toolbar asks the editor for actions', () =>
    show('embedded-3', async (open) => {
      await open.page.getByRole('button', { name: 'Preview Plan' }).click();
      expect(await open.posted()).toContainEqual({ type: 'action', id: 'previewPlan' });
    }));

  it('the editor can point at a part', () =>
    show('embedded-3', async (open) => {
      await open.page.evaluate('window.postMessage({ type: "highlight", partId: "server:server-1" }, "*")');
      await eventually(() => part(open, 'server:server-1').getAttribute('class')).toContain('highlighted');
    }));
});

describe('the keyboard alone', () => {
  it('reaches every part, selects, fails, clears', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await part(open, 'clients').focus();
      await page.keyboard.press('ArrowDown');
      expect(await focused(open)).toBe('load-balancer');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowLeft');
      expect(await focused(open)).toBe('server:server-1');
      await page.keyboard.press('Enter');
      expect(await open.posted()).toContainEqual({ type: 'select', partId: 'server:server-1', open: false });
      await page.keyboard.press('Space');
      expect(await open.posted()).toContainEqual({ type: 'fail', partIds: ['server:server-1'] });
      await eventually(() => part(open, 'server:server-1').getAttribute('aria-pressed')).toBe('true');
      expect(await focused(open)).toBe('server:server-1');
      await page.keyboard.press('Escape');
      await eventually(() => part(open, 'server:server-1').getAttribute('aria-pressed')).toBe('false');
      await page.keyboard.press('End');
      expect(await focused(open)).toBe('agent:agent-4');
      expect(await page.locator('.diagram [tabindex="0"]').count()).toBe(1);
    }));

  it('clients cannot fail', () =>
    show('embedded-3', async (open) => {
      await part(open, 'clients').focus();
      await open.page.keyboard.press('Space');
      expect((await open.posted()).filter((m) => m.type === 'fail')).toEqual([]);
    }));

  it('expands a group and brings the focused agent into view', () =>
    show('large', async (open) => {
      const { page } = open;
      await part(open, 'agents').focus();
      await page.keyboard.press('e');
      await eventually(() => page.locator('.kind-agent').count()).toBe(1000);
      expect(await part(open, 'agents').getAttribute('aria-expanded')).toBe('true');
      await page.keyboard.press('End');
      expect(await focused(open)).toBe('agent:agent-1000');
      const box = await part(open, 'agent:agent-1000').boundingBox();
      expect((box?.y ?? 1e9) + (box?.height ?? 0)).toBeLessThanOrEqual(900);
      await part(open, 'agents').focus();
      await page.keyboard.press('e');
      await eventually(() => page.locator('.kind-agent').count()).toBe(0);
    }));
});

describe('what if', () => {
  it('a failed part is crossed out and the answers change', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await part(open, 'server:server-1').focus();
      await page.keyboard.press('Space');
      await part(open, 'server:server-2').focus();
      await page.keyboard.press('Space');
      await eventually(() => page.locator('.ring-caption').textContent()).toBe('1 of 3 up · quorum 2 is lost');
      expect(await part(open, 'server:server-1').locator('.cross').count()).toBe(1);
      expect(await part(open, 'etcd:server-1').locator('.cross').count()).toBe(1);
      expect(await page.locator('.answer').first().textContent()).toContain('Does the API answer? no');
      expect(await page.locator('[aria-live=polite]').textContent()).toContain('What if down: server-1, server-2.');
    }));

  it('the list of the toolbar fails one part', () =>
    show('two-zones', async (open) => {
      const { page } = open;
      await page.getByRole('combobox', { name: 'What if this fails' }).click();
      await page.getByRole('option', { name: 'zone rack-a fails' }).click();
      expect(await open.posted()).toContainEqual({ type: 'fail', partIds: ['zone:rack-a'] });
      await eventually(() => page.locator('.side').textContent()).toContain('Quorum is lost: 1 of 3 etcd members left');
    }));

  it('the line above the picture says what is left', () =>
    show('embedded-3', async (open) => {
      const verdict = open.page.locator('.verdict');
      await part(open, 'server:server-1').focus();
      await open.page.keyboard.press('Space');
      await eventually(() => verdict.textContent()).toBe(
        'What if server-1 fails? 2 of 3 servers answer behind 10.0.0.100.',
      );
      await open.page.keyboard.press('ArrowRight');
      await open.page.keyboard.press('Space');
      await eventually(() => verdict.textContent()).toContain(
        'What if server-1, server-2 fails? No server can answer without its datastore.',
      );
      await open.page.keyboard.press('Escape');
      await eventually(() => verdict.textContent()).toContain('Survives the loss of any 1 of 3 servers');
    }));

  it('the button of the details brings a part back', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await part(open, 'load-balancer').click();
      await page.getByRole('button', { name: 'Let it fail' }).click();
      await page.getByRole('button', { name: 'Bring it back' }).click();
      await eventually(() => page.locator('.cross').count()).toBe(0);
    }));
});

describe('messages and memory', () => {
  it('unknown and old messages change nothing', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      const picture = (): Promise<string> => page.evaluate<string>('document.querySelector(".diagram").innerHTML');
      const before = await picture();
      await page.evaluate(`for (const message of [null, 'x', { type: 'eval', code: 'window.hacked=1' }, { type: 'snapshot', snapshot: {} },
        { type: 'snapshot', snapshot: { ...topologyCore.snapshot('single', [], [], 0) } },
        { type: 'snapshot', snapshot: { ...topologyCore.snapshot('single', [], [], 99), extra: 1 } }]) window.postMessage(message, '*')`);
      await page.waitForTimeout(100);
      expect(await picture()).toBe(before);
      await page.evaluate(
        `window.postMessage({ type: 'snapshot', snapshot: topologyCore.snapshot('single', [], [], 99) }, '*')`,
      );
      await eventually(() => part(open, 'sqlite:server-1').count()).toBe(1);
    }));

  it('a change of the state redraws the parts that it names, and keeps the picture', () =>
    show('drifted', async (open) => {
      const { page } = open;
      const tell = (change: string): Promise<unknown> =>
        page.evaluate(
          `window.postMessage({ type: 'status', change: { status: {}, without: [], simulated: false, drift: [], run: { phase: 'idle', words: '' }, actions: [], head: ${HEAD}, ...${change} } }, '*')`,
        );
      const words = (id: string): Promise<string | null> => part(open, id).getAttribute('aria-label');
      expect(await words('server:server-2')).toContain('unreachable');
      await page.evaluate('document.querySelectorAll("[data-part]").forEach((node) => { node.untouched = true; })');
      await tell(
        `{ revision: 2, after: 1, status: { 'server:server-3': { state: 'not-ready', words: 'its disk is full' } }, without: ['server:server-2'], simulated: true }`,
      );
      await eventually(() => words('server:server-3')).toContain('its disk is full');
      expect(await words('server:server-2')).not.toContain('unreachable');
      expect(await words('server:server-1')).toContain('ready');
      expect(await page.getByText('Simulation', { exact: true }).isVisible()).toBe(true);
      const untouched = (id: string): Promise<unknown> =>
        page.evaluate(`document.querySelector('[data-part="${id}"]').untouched`);
      expect(await untouched('server:server-1')).toBe(true);
      expect(await untouched('server:server-3')).toBeUndefined();
      // The next one builds on it; one that was told before is old.
      await tell(`{ revision: 3, after: 2, status: { 'server:server-3': { state: 'ready', words: 'well again' } } }`);
      await tell(`{ revision: 2, after: 1, status: { 'server:server-3': { state: 'failed', words: 'too late' } } }`);
      await tell(
        `{ revision: 4, after: 3, status: { 'server:server-1': { state: 'failed', words: 'the last word' } } }`,
      );
      await eventually(() => words('server:server-1')).toContain('the last word');
      expect(await words('server:server-3')).toContain('well again');
      expect((await open.posted()).filter(({ type }) => type === 'ready')).toHaveLength(1);
    }));

  it('a page that missed a change asks for everything, and shows nothing in between', () =>
    show('live', async (open) => {
      const { page } = open;
      const before = await part(open, 'server:server-1').getAttribute('aria-label');
      await part(open, 'server:server-1').click();
      await page.evaluate(
        `window.showScenario('embedded-3'); window.postMessage({ type: 'status', change: { revision: 9, after: 8, status: { 'server:server-1': { state: 'failed', words: 'not for this picture' } }, without: [], simulated: false, drift: [], run: { phase: 'idle', words: '' }, actions: [], head: ${HEAD} } }, '*')`,
      );
      const asked = async (): Promise<FromWebview[]> => (await open.posted()).filter(({ type }) => type === 'ready');
      await eventually(async () => (await asked()).length).toBe(2);
      expect((await asked())[1]).toMatchObject({ state: { selected: 'server:server-1', file: expect.any(String) } });
      await eventually(() => part(open, 'server:server-4').count()).toBe(0);
      const now = await part(open, 'server:server-1').getAttribute('aria-label');
      expect(now).not.toBe(before);
      expect(now).not.toContain('not for this picture');
    }));

  it('a reload keeps what was selected, failed, expanded and where the picture stood', () =>
    show('large', async (open) => {
      const { page } = open;
      await part(open, 'server:server-1').click();
      await page.getByRole('button', { name: 'Let it fail' }).click();
      await part(open, 'agents').focus();
      await page.keyboard.press('e');
      await eventually(() => page.locator('.kind-agent').count()).toBe(1000);
      await page.keyboard.press('Shift+ArrowDown');
      const before = await part(open, 'clients').boundingBox();
      await page.reload();
      await eventually(() => page.locator('.kind-agent').count()).toBe(1000);
      expect(await part(open, 'clients').boundingBox()).toEqual(before);
      expect(await page.locator('.details h2').textContent()).toBe('server-1');
      expect(await part(open, 'server:server-1').getAttribute('aria-pressed')).toBe('true');
      expect((await open.posted())[0]).toMatchObject({
        type: 'ready',
        state: { file: 'file:///work/large.k3s.yaml', selected: 'server:server-1' },
      });
    }));

  it('remembers its file without being touched', () =>
    show('embedded-3', async ({ page }) => {
      await eventually(() => page.evaluate('JSON.parse(sessionStorage.getItem("state"))?.file')).toBe(
        'file:///work/embedded-3.k3s.yaml',
      );
    }));

  it('the list changes only the lines that differ', () =>
    show('large', async (open) => {
      const { page } = open;
      await part(open, 'agents').focus();
      await page.keyboard.press('e');
      await eventually(() =>
        page
          .locator('.list li')
          .filter({ hasText: /^agent-\d+,/ })
          .count(),
      ).toBe(1000);
      await page.evaluate(`window.kept = [...document.querySelectorAll('.list li')]; changeStatus(0)`);
      await eventually(() =>
        page
          .locator('.list li')
          .filter({ hasText: /^agent-500,.*not ready/ })
          .count(),
      ).toBe(1);
      expect(
        await page.evaluate(`[...document.querySelectorAll('.list li')].every((line, i) => line === window.kept[i])`),
      ).toBe(true);
    }));

  it('a new snapshot redraws only what changed', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await page.evaluate('document.querySelectorAll("[data-part]").forEach((node) => { node.untouched = true; })');
      await part(open, 'server:server-1').focus();
      await page.keyboard.press('Space');
      await eventually(() => part(open, 'server:server-1').getAttribute('aria-pressed')).toBe('true');
      expect(await page.evaluate('document.querySelector(`[data-part="server:server-3"]`).untouched')).toBe(true);
    }));
});

describe('for everyone', () => {
  it('the list says what the picture says', () =>
    show('two-zones', async ({ page }) => {
      await page.getByRole('button', { name: 'List: show the diagram as text' }).click();
      const list = page.getByRole('region', { name: 'The diagram as a list' });
      expect(await list.isVisible()).toBe(true);
      const names = await page.evaluate<string[]>(
        '[...document.querySelectorAll("[data-part]")].map((node) => node.getAttribute("aria-label"))',
      );
      const lines = await list.getByRole('listitem').allTextContents();
      expect(names.length).toBeGreaterThan(15);
      expect(lines).toEqual(expect.arrayContaining(names));
      expect(lines).toContain('registration, TCP 6443: 4 agents, 5 agents → 10.0.0.100:6443');
    }));

  const themes: readonly Theme[] = ['light', 'dark', 'hc-dark', 'hc-light', 'dracula'];
  it.each(themes)('every line and outline can be seen in %s', (theme) =>
    show(
      'two-zones',
      async (open) => {
        const faint = await open.page.evaluate(
          `[...document.querySelectorAll('.wire, .shape, .ring rect')].map((node) => node.getAttribute('class') + ' ' + getComputedStyle(node).stroke).filter((line) => / (none|transparent|.*, 0\\))$/.test(line) || (/wire/.test(line) && /rgba|\\/ 0/.test(line)))`,
        );
        expect(faint).toEqual([]);
      },
      { theme },
    ),
  );

  it('fits a narrow window without a horizontal scroll bar', () =>
    show(
      'embedded-5-zones',
      async ({ page }) => {
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      },
      { width: 480, height: 800 },
    ));

  it('text keeps to its box, as the browser measures it', () =>
    show('running', async ({ page }) => {
      const outside = await page.evaluate<string[]>(`[...document.querySelectorAll('.part')].flatMap((part) => {
        const shape = part.querySelector('.shape').getBoundingClientRect();
        return [...part.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > shape.right).map((text) => text.textContent);
      })`);
      expect(outside).toEqual([]);
    }));
});

describe('the bundle', () => {
  it('stays within 220 kB', () => {
    expect(harness.bundleBytes).toBeLessThan(220_000);
  });
});
