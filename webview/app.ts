import type { Change, Part, TopologySnapshot } from '../src/contract/messages';
import { KEY_HELP, listenToKeys } from './a11y/keys';
import { createList } from './a11y/list';
import { announcement } from './a11y/live';
import { neighbor } from './a11y/roving';
import { button } from './controls/toolkit';
import type { Host } from './host';
import { createPatience } from './patience';
import { viewStateOf, type State, type Store, type Viewport } from './store';
import { createCanvas } from './view/canvas';
import { canFail } from './view/describe';
import { drawTopology, drawnParts } from './view/diagram';
import { element } from './view/element';
import { pngOf } from './view/exportPng';
import { exportSvg } from './view/exportSvg';
import { listenToGestures } from './view/gestures';
import { createHeader } from './view/header';
import { changesOf, renderChanges } from './view/changes';
import { renderExport, type Export } from './view/exports';
import { detailsOf, driftOf, legendOf, renderCutSets, renderDetails, renderDrift, renderFindings, renderLegend, renderSurvival, survivalOf, type Details } from './view/side';
import { createSlot } from './view/slot';
import { createViewControls } from './view/viewControls';
import { bringIntoView, fitAll, fitReadable, keepInSight, zoomAt } from './view/viewport';

const SAVE_DELAY_MS = 200;

/** Builds the page once and keeps it in step with the store. */
export function startApp(root: HTMLElement, store: Store, host: Host): void {
  const canvas = createCanvas();
  const live = element('div', 'only-heard');
  live.setAttribute('aria-live', 'polite');
  const help = element('p', 'reason', KEY_HELP);
  help.id = 'keys';
  const waiting = element('p', 'waiting', 'Waiting for the cluster file…');
  const silent = element('p', 'silent', 'The editor does not answer. What is shown may be old: close the diagram and open it again.');
  silent.setAttribute('role', 'alert');
  silent.hidden = true;
  const patience = createPatience((isSilent) => (silent.hidden = !isSilent));
  const [details, survival, drift, cutSets, findings, legend] = [createSlot(), createSlot(), createSlot(), createSlot(), createSlot(), createSlot()];
  const text = createList();
  const list = element('section', 'panel list', element('h2', '', 'The diagram as a list'), text.element);
  list.setAttribute('aria-label', 'The diagram as a list');
  const stage = element('section', 'stage', waiting);
  stage.setAttribute('aria-label', 'Diagram');
  stage.append(canvas.element);
  const changes = renderChanges((kind) => host.post({ type: 'edit', change: kind }));
  const exportPicture = ({ format, to }: Export): void => {
    const { snapshot } = store.get();
    if (snapshot === undefined) return;
    if (format === 'mermaid') return host.post({ type: 'export', format, to });
    const svg = exportSvg(snapshot);
    if (format === 'svg') return host.post({ type: 'export', format, to, content: svg });
    void pngOf(svg, snapshot.layout.width, snapshot.layout.height).then(
      (content) => host.post({ type: 'export', format, to, content }),
      () => (live.textContent = 'This editor could not draw the picture as PNG. Export it as SVG.'),
    );
  };
  const side = element('aside', 'side', details.element, drift.element, survival.element, cutSets.element, changes, findings.element, legend.element, renderExport(exportPicture), element('section', 'panel', element('h2', '', 'Keys'), help));
  side.setAttribute('aria-label', 'What survives');
  side.tabIndex = 0;

  const header = createHeader({
    action: (id) => host.post({ type: 'action', id, ...(store.get().selected === undefined ? {} : { partId: store.get().selected }) }),
    fail: (partId) => fail(partId === undefined ? [] : [partId]),
  });
  const controls = createViewControls({ showList: (showList) => store.update({ showList }), zoom: (factor) => zoomBy(factor), fit: () => fit() });
  const body = element('div', 'body', element('div', 'view', controls.element, stage, list), side);
  root.replaceChildren(element('main', 'topology', header.element, silent, body), live);

  const windowSize = (): { width: number; height: number } => ({ width: stage.clientWidth, height: stage.clientHeight });
  const viewport = (state: State): Viewport => state.viewport ?? (state.snapshot === undefined ? { zoom: 1, x: 0, y: 0 } : fitReadable(state.snapshot.layout, windowSize()));
  const look = (view: Viewport): void => {
    const { snapshot } = store.get();
    store.update({ viewport: snapshot === undefined ? view : keepInSight(view, snapshot.layout, windowSize()) });
  };
  const zoomBy = (factor: number, x = stage.clientWidth / 2, y = stage.clientHeight / 2): void => look(zoomAt(viewport(store.get()), factor, x, y));
  const pan = (dx: number, dy: number): void => {
    const view = viewport(store.get());
    look({ ...view, x: view.x + dx, y: view.y + dy });
  };
  const fit = (): void => {
    const { snapshot } = store.get();
    if (snapshot !== undefined) store.update({ viewport: fitAll(snapshot.layout, windowSize()) });
  };
  const fail = (partIds: readonly string[]): void => {
    store.update({ chosen: partIds });
    host.post({ type: 'fail', partIds });
    patience.asked();
  };
  const partOf = (id: string | undefined): Part | undefined => store.get().snapshot?.graph.parts.find((p) => p.id === id);
  const toggleFailure = (id: string): void => {
    const part = partOf(id);
    const { chosen } = store.get();
    if (part !== undefined && canFail(part)) fail(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  };
  const toggleGroup = (id: string): void => {
    const { expanded } = store.get();
    if (partOf(id)?.kind === 'agents') store.update({ expanded: expanded.includes(id) ? expanded.filter((e) => e !== id) : [...expanded, id] });
  };
  const select = (id: string): void => {
    store.update({ selected: id, current: id });
    host.post({ type: 'select', partId: id });
  };
  const tryLoss = (partIds: readonly string[]): void => {
    fail(partIds);
    // What follows stands further up.
    survival.element.scrollIntoView({ block: 'start' });
  };
  const change = (kind: Change, partId?: string, ruleId?: string): void => host.post({ type: 'edit', change: kind, ...(partId === undefined ? {} : { partId }), ...(ruleId === undefined ? {} : { ruleId }) });
  const drawnIds = (): readonly string[] => {
    const { snapshot } = store.get();
    return snapshot === undefined ? [] : drawnParts(snapshot).map((p) => p.id);
  };
  const currentId = (): string | undefined => {
    const ids = drawnIds();
    return ids.find((id) => id === store.get().current) ?? ids[0];
  };
  const focusPart = (id: string | undefined): void => {
    const { snapshot } = store.get();
    const box = snapshot?.layout.boxes[id ?? ''];
    if (id === undefined || box === undefined) return;
    store.update({ current: id });
    const view = viewport(store.get());
    const moved = bringIntoView(view, box, windowSize());
    if (moved.x !== view.x || moved.y !== view.y) store.update({ viewport: moved });
    canvas.svg.querySelector<SVGGElement>(`[data-part="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  };
  const withCurrent = (act: (id: string) => void) => (): void => {
    const id = currentId();
    if (id !== undefined) act(id);
  };

  /** Whether a point of the window lies on the servers, where an agent becomes one. */
  const overServers = (x: number, y: number): boolean => {
    const state = store.get();
    const band = state.snapshot?.layout.bands.find(({ id }) => id === 'servers');
    const view = viewport(state);
    const [wx, wy] = [(x - view.x) / view.zoom, (y - view.y) / view.zoom];
    return band !== undefined && wx >= band.x && wx <= band.x + band.width && wy >= band.y && wy <= band.y + band.height;
  };
  const place = (id: string, dx: number, dy: number): void => {
    const { snapshot } = store.get();
    const box = snapshot?.layout.boxes[id];
    if (box !== undefined) canvas.svg.querySelector(`[data-part="${CSS.escape(id)}"]`)?.setAttribute('transform', `translate(${box.x + dx} ${box.y + dy})`);
  };
  listenToGestures(canvas.element, {
    grab: (target) => {
      const id = target.closest('[data-part]')?.getAttribute('data-part') ?? undefined;
      return partOf(id)?.kind === 'agent' ? id : undefined;
    },
    carry: (id, dx, dy, x, y) => {
      const { zoom } = viewport(store.get());
      place(id, dx / zoom, dy / zoom);
      canvas.svg.classList.add('carrying');
      canvas.svg.classList.toggle('dropping', overServers(x, y));
    },
    drop: (id, at) => {
      place(id, 0, 0);
      canvas.svg.classList.remove('carrying', 'dropping');
      if (at !== undefined && overServers(at.x, at.y)) change('promote', id);
    },
    pan,
    zoom: zoomBy,
    click: (target) => {
      const group = target.closest('[data-expand]')?.getAttribute('data-expand');
      const part = target.closest('[data-part]')?.getAttribute('data-part');
      if (group !== null && group !== undefined) toggleGroup(group);
      else if (part !== null && part !== undefined) select(part);
      else store.update({ selected: undefined });
    },
  });
  listenToKeys(canvas.svg, {
    go: (direction) => {
      const { snapshot } = store.get();
      const from = currentId();
      if (snapshot !== undefined && from !== undefined) focusPart(neighbor(snapshot.layout.boxes, drawnIds(), from, direction));
    },
    first: () => focusPart(drawnIds()[0]),
    last: () => focusPart(drawnIds().at(-1)),
    select: withCurrent(select),
    fail: withCurrent(toggleFailure),
    expand: withCurrent(toggleGroup),
    clear: () => fail([]),
    zoom: zoomBy,
    fit,
    pan,
  });
  canvas.svg.addEventListener('focusin', (event) => {
    const id = event.target instanceof Element ? event.target.closest('[data-part]')?.getAttribute('data-part') : undefined;
    if (id !== null && id !== undefined && id !== store.get().current) store.update({ current: id });
  });
  new ResizeObserver(() => move(store.get())).observe(stage);

  const move = (state: State): void => {
    canvas.move(viewport(state));
  };
  const renderSide = (state: State, snapshot: TopologySnapshot): void => {
    const part = snapshot.graph.parts.find((p) => p.id === state.selected);
    details.show(part === undefined ? undefined : detailsOf(part, snapshot), (data) => renderDetails(data, detailButtons(data), (ruleId) => change('fix', data.part.id, ruleId)));
    survival.show(survivalOf(snapshot), renderSurvival);
    drift.show(driftOf(snapshot), renderDrift);
    cutSets.show(snapshot.cutSets.length === 0 ? undefined : snapshot.cutSets, (sets) => renderCutSets(sets, tryLoss));
    findings.show(snapshot.graph.marks.length === 0 ? undefined : snapshot.graph.marks, (marks) => renderFindings(marks, (ruleId) => change('fix', undefined, ruleId)));
    legend.show(legendOf(snapshot), renderLegend);
  };
  const detailButtons = ({ part, fails, open }: Details): readonly HTMLElement[] => {
    const buttons = [button('secondary', 'Show in file', () => select(part.id)).element];
    if (canFail(part)) buttons.push(button('secondary', fails ? 'Bring it back' : 'Let it fail', () => toggleFailure(part.id)).element);
    for (const [label, kind] of changesOf(part)) buttons.push(button('secondary', label, () => change(kind, part.id)).element);
    if (part.kind === 'agents') buttons.push(button('secondary', open ? 'Collapse' : 'Expand', () => toggleGroup(part.id)).element);
    return buttons;
  };

  store.subscribe((state, before) => {
    const { snapshot } = state;
    waiting.hidden = snapshot !== undefined;
    if (snapshot === undefined) return;
    if (state.snapshot !== before.snapshot || state.selected !== before.selected || state.highlighted !== before.highlighted || state.current !== before.current) {
      canvas.draw(drawTopology(snapshot, state));
    }
    if (state.snapshot !== before.snapshot || state.selected !== before.selected) renderSide(state, snapshot);
    if (state.snapshot !== before.snapshot || state.showList !== before.showList) {
      header.render(snapshot);
      controls.render(state.showList);
      text.render(snapshot);
      list.classList.toggle('only-heard', !state.showList);
      // It scrolls, so the keyboard must reach it.
      if (state.showList) list.tabIndex = 0;
      else list.removeAttribute('tabindex');
      stage.classList.toggle('hidden', state.showList);
    }
    move(state);
    if (state.snapshot !== before.snapshot) {
      patience.answered();
      const words = announcement(before.snapshot, snapshot);
      if (words !== '') live.textContent = words;
    }
  });
  saveChanges(store, host);
}

/** Keeps the view state in the editor: what is expanded at once, because it needs a new picture; the rest in its time. */
function saveChanges(store: Store, host: Host): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, before) => {
    if (JSON.stringify(viewStateOf(state)) === JSON.stringify(viewStateOf(before))) return;
    host.save(viewStateOf(state));
    clearTimeout(timer);
    const send = (): void => host.post({ type: 'viewState', state: viewStateOf(store.get()) });
    if (state.expanded !== before.expanded) send();
    else timer = setTimeout(send, SAVE_DELAY_MS);
  });
}
