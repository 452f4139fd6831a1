import { say } from '../../src/core/base/say';
import type { Box, Mark, Part, PartStatus, TopologySnapshot } from '../../src/contract/messages';
import { canFail, describePart, isDown, severityWord, troubleOf } from './describe';
import { partIcon, singlePointIcon, stateIcon } from './icons';
import { lookup } from './lookup';
import { markup, type Markup } from './markup';

/** What a part looks like depends on the snapshot and on what the user points at. */
export interface PartView {
  readonly part: Part;
  readonly box: Box;
  readonly snapshot: TopologySnapshot;
  readonly selected: boolean;
  readonly highlighted: boolean;
  /** The one part that the Tab key reaches. */
  readonly current: boolean;
}

const LEFT = 12;
const TEXT = 40;

/** The last picture of each agent: of a thousand, a change concerns a few. */
const agents = new Map<string, { readonly seen: string; readonly picture: Markup }>();

/** One part as a focusable group at its place. */
export function renderPart(view: PartView): Markup {
  const { part, box, snapshot } = view;
  if (part.kind !== 'agent') return draw(view);
  const { failed, cutOff, down, chosen, singlePoints } = lookup(snapshot);
  const seen = JSON.stringify([
    part,
    box,
    snapshot.status[part.id],
    snapshot.simulation?.[part.nodeId ?? part.id],
    view.selected,
    view.highlighted,
    view.current,
    failed.has(part.id),
    down.has(part.id),
    cutOff.has(part.id),
    chosen.has(part.id),
    singlePoints.get(part.id),
  ]);
  const before = agents.get(part.id);
  if (before?.seen === seen) return before.picture;
  const picture = draw(view);
  agents.set(part.id, { seen, picture });
  return picture;
}

function draw(view: PartView): Markup {
  const { part, box, snapshot } = view;
  const down = isDown(part.id, snapshot);
  const { chosen, cutOff: apart } = lookup(snapshot);
  const cutOff = apart.has(part.id);
  const classes = [
    'part',
    `kind-${part.kind}`,
    cutOff ? 'cut-off' : down ? 'down' : '',
    view.selected ? 'selected' : '',
    view.highlighted ? 'highlighted' : '',
    box.height <= 30 ? 'small' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
  const expandable =
    part.kind === 'agents' ? markup` aria-expanded="${String(snapshot.expanded.includes(part.id))}"` : undefined;
  const pressed = canFail(part) ? markup` aria-pressed="${String(chosen.has(part.id))}"` : undefined;
  return markup`<g class="${classes}" data-part="${part.id}" role="button" tabindex="${view.current ? 0 : -1}"${pressed}${expandable} aria-label="${describePart(part, snapshot)}" transform="translate(${box.x} ${box.y})"><title aria-hidden="true">${tip(part, snapshot)}</title>${outline(part, box)}${down && !cutOff ? cross(part, box) : undefined}<g class="content" aria-hidden="true">${part.kind === 'network' ? network(box) : content(view, down, cutOff)}</g><rect class="focus-ring" x="-4" y="-4" width="${box.width + 8}" height="${box.height + 8}" rx="9"/></g>`;
}

function tip(part: Part, snapshot: TopologySnapshot): string {
  return [describePart(part, snapshot), ...part.marks.map((mark) => say`${severityWord(mark)}: ${mark.message}`)].join(
    '\n',
  );
}

function outline(part: Part, box: Box): Markup {
  const { width, height } = box;
  if (part.kind === 'database') {
    const lid = 9;
    return markup`<path class="shape" d="M0 ${lid}C0 ${-3} ${width} ${-3} ${width} ${lid}V${height - lid}C${width} ${height + 3} 0 ${height + 3} 0 ${height - lid}Z"/><path class="shape-line" d="M0 ${lid}C0 ${lid + 12} ${width} ${lid + 12} ${width} ${lid}"/>`;
  }
  if (part.kind === 'agents' && height > 40) {
    return markup`<rect class="shape card" x="8" y="-8" width="${width - 8}" height="${height}" rx="6"/><rect class="shape card" x="4" y="-4" width="${width - 4}" height="${height}" rx="6"/><rect class="shape" width="${width}" height="${height}" rx="6"/>`;
  }
  const radius = isPill(part) ? height / 2 : part.kind === 'clients' ? 8 : 6;
  return markup`<rect class="shape" width="${width}" height="${height}" rx="${radius}"/>`;
}

/** Two ends of a cable; cut, they come apart. */
function network(box: Box): Markup {
  return markup`<g class="icon" transform="translate(${box.width / 2 - 8} ${box.height / 2 - 8}) scale(.8)">${partIcon('network')}</g>`;
}

function content(view: PartView, down: boolean, cutOff: boolean): Markup {
  const { part, box, snapshot } = view;
  const status = snapshot.status[part.id];
  const badge = worstMark(part.marks);
  const single = lookup(snapshot).singlePoints.get(part.id);
  const chevron = part.kind === 'agents' ? 28 : 0;
  const right = box.width - 10 - chevron;
  const badges = markup`${badge === undefined ? undefined : markBadge(badge, part.marks.length, right, signsY(part, box))}${single === undefined ? undefined : markup`<g class="icon single-point" transform="translate(${right - 16 - (badge === undefined ? 0 : 38)} ${signsY(part, box) + 3}) scale(.9)">${singlePointIcon(single.certain)}</g>`}`;
  const room = right - TEXT - (badge === undefined ? 0 : 38) - (single === undefined ? 0 : 22);
  if (box.height <= 40)
    return markup`${oneLine(view, status, down, room)}${badges}${chevron > 0 ? toggle(view) : undefined}`;

  const inner = part.kind === 'server' ? snapshot.graph.parts.find((p) => p.inside === part.id) : undefined;
  const height = box.height - (inner === undefined ? 0 : 48) + (part.kind === 'database' ? 10 : 0);
  const isReal = lookup(snapshot).down.has(part.id) || !(cutOff || down);
  const state = lookup(snapshot).down.has(part.id)
    ? (troubleOf(part.id, snapshot) ?? { state: 'failed' as const, words: say`down` })
    : cutOff
      ? { state: 'not-ready' as const, words: say`what if: cut off` }
      : down
        ? { state: 'failed' as const, words: say`what if: down` }
        : status;
  const lines = 1 + (part.detail === undefined ? 0 : 1) + (state === undefined ? 0 : 1);
  const first = Math.round(height / 2 - (lines * 19) / 2 + 15);
  const second = first + 18;
  const third = first + (part.detail === undefined ? 22 : 39);
  return markup`<g class="icon" transform="translate(${LEFT} ${first - 15})">${partIcon(part.kind)}</g><text class="label" x="${TEXT}" y="${first}">${shorten(part.label, first - 12 < signsY(part, box) + 20 ? room : right - TEXT, 13)}</text>${part.detail === undefined ? undefined : markup` <text class="detail" x="${TEXT}" y="${second}">${shorten(part.detail, box.width - TEXT - 8 - chevron, 12)}</text>`}${state === undefined ? undefined : statusLine(state, third, box.width, !isReal)}${badges}${chevron > 0 ? toggle(view) : undefined}`;
}

/** In a box as narrow as this its name needs the whole line, so that the signs sit on its edge. */
const NARROW = 136;

/** Top of the signs: centered in a low box, below the lid of a cylinder, on the edge of a narrow one. */
function signsY(part: Part, box: Box): number {
  if (box.height <= 48) return Math.round(box.height / 2) - 10;
  if (part.kind === 'database') return 20;
  return box.width < NARROW ? -10 : 6;
}

function oneLine(view: PartView, status: PartStatus | undefined, down: boolean, room: number): Markup {
  const { part, box } = view;
  const y = Math.round(box.height / 2 + 4.5);
  const small = box.height <= 30;
  const state = down ? 'failed' : status?.state;
  const icon =
    part.kind === 'agent' && state !== undefined
      ? markup`<g class="icon state-${state}" transform="translate(8 ${box.height / 2 - 7}) scale(.875)">${stateIcon(state)}</g>`
      : markup`<g class="icon" transform="translate(${small ? 8 : LEFT} ${box.height / 2 - (small ? 7 : 10)}) scale(${small ? 0.7 : 1})">${partIcon(part.kind)}</g>`;
  const x = small ? 28 : 38;
  const words = part.kind === 'agents' && status !== undefined ? say`${part.label}, ${status.words}` : part.label;
  return markup`${icon}<text class="label" x="${x}" y="${y}">${shorten(words, room + TEXT - x, small ? 12 : 13)}</text>`;
}

/** In a narrow box it begins further left: its words are what one looks for. */
function statusLine(status: PartStatus, y: number, width: number, isWhole: boolean): Markup {
  const [icon, text] = width < NARROW ? [8, 28] : [LEFT + 3, TEXT];
  const room = width - text - 4;
  return markup` <g class="icon state-${status.state}" transform="translate(${icon} ${y - 12}) scale(.9)">${stateIcon(status.state)}</g><text class="status" x="${text}" y="${y}">${shorten(isWhole ? status.words : firstWords(status.words, room), room, 12)}</text>`;
}

/** All of it where there is room, else what stands before the reason: that is what a person calls the state. */
function firstWords(words: string, room: number): string {
  return shorten(words, room, 12) === words ? words : (words.split(/[:(：（]/u)[0] ?? words).trim();
}

function toggle(view: PartView): Markup {
  const open = view.snapshot.expanded.includes(view.part.id);
  const y = view.box.height / 2;
  const path = open ? 'm3 10 5-5 5 5' : 'm3 6 5 5 5-5';
  return markup`<g class="toggle" data-expand="${view.part.id}" transform="translate(${view.box.width - 32} ${y - 12})"><rect width="24" height="24" rx="4"/><path transform="translate(4 4)" d="${path}"/></g>`;
}

function markBadge(mark: Mark, count: number, right: number, y: number): Markup {
  const state =
    mark.severity === 'error'
      ? markup`<circle cx="8" cy="8" r="6.5"/><path d="m5.5 5.5 5 5m0-5-5 5"/>`
      : mark.severity === 'warning'
        ? stateIcon('not-ready')
        : markup`<circle cx="8" cy="8" r="6.5"/><path d="M8 7v4M8 4.8h.01"/>`;
  return markup` <g class="mark mark-${mark.severity}" transform="translate(${right - 32} ${y})"><rect width="34" height="20" rx="10"/><g class="icon" transform="translate(4 3) scale(.875)">${state}</g><text x="26" y="14.5" text-anchor="middle">${count > 9 ? '9+' : String(count)}</text></g>`;
}

function worstMark(marks: readonly Mark[]): Mark | undefined {
  return (['error', 'warning', 'info', 'hint'] as const)
    .map((severity) => marks.find((m) => m.severity === severity))
    .find((m) => m !== undefined);
}

function isPill(part: Part): boolean {
  return part.kind === 'etcd-member' || part.kind === 'zone' || part.kind === 'network';
}

/** From corner to corner; in a pill, from the middle of each round end's quarter. */
function cross(part: Part, box: Box): Markup {
  const inset = isPill(part) ? Math.round((box.height / 2) * (1 - Math.SQRT1_2)) : 0;
  const [right, bottom] = [box.width - inset, box.height - inset];
  return markup`<path class="cross" d="M${inset} ${inset} ${right} ${bottom}M${right} ${inset} ${inset} ${bottom}"/>`;
}

/**
 * Cuts text that would leave its box, after a whole word where one fits: what is called by voice is what can be read. The whole
 * text is in the tooltip and in the list.
 */
function shorten(text: string, room: number, size: number): string {
  const characters = [...text];
  const widthOf = (some: readonly string[]): number =>
    some.reduce((width, one) => width + (one > '\u2e80' ? size : size * 0.56), 0);
  if (widthOf(characters) <= room) return text;
  let fits = characters.length - 1;
  while (fits > 0 && widthOf([...characters.slice(0, fits), '…']) > room) fits--;
  const cut = characters.slice(0, fits).join('');
  const whole = characters[fits] === ' ' ? cut : cut.replace(/\s+\S*$/u, '');
  return `${whole.trimEnd()}…`;
}
