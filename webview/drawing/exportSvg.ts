import { say } from '../../src/core/base/say';
import type { TopologySnapshot } from '../../src/contract/messages';
import { drawTopology } from './diagram';
import { markup } from './markup';

/** Colors of a light page, written out: the picture has to look the same in any viewer, also in those without variables. */
const STYLE = `
text{font:12px "Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
.page{fill:#fff}
.band rect{fill:#f6f7f8}
.band text,.frame text,.detail,.wire-label,.kind-zone .label{fill:#59636e}
.band .band-title,.ring-caption,.label{font-weight:600;fill:#1f2328}
.frame rect{fill:#f0f1f3;stroke:#b8bfc6;stroke-dasharray:1 3;stroke-linecap:round}
.ring rect{fill:none;stroke:#652d90;stroke-width:2}
.ring.down rect{stroke:#c72e0f;stroke-dasharray:6 5}
.wire{fill:none;stroke:#6b737b;stroke-width:1.5;stroke-linejoin:round}
.wire-registration{stroke:#b26b00;stroke-dasharray:7 4}
.wire-client-lb{stroke:#1a5fb4;stroke-dasharray:1.5 4;stroke-width:2;stroke-linecap:round}
.wire-datastore{stroke:#652d90;stroke-width:2}
.wire-vrrp{stroke-dasharray:8 3 2 3}
.wire.down{opacity:.3}
.head{stroke:none}
.shape{fill:#fff;stroke:#b8bfc6}
.shape-line{fill:none;stroke:#b8bfc6}
.kind-etcd-member .shape{stroke:#652d90;stroke-width:1.5}
.label{font-size:13px}
.small .label{font-size:12px;font-weight:400}
.icon{fill:none;stroke:#59636e;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
.icon .filled{fill:#59636e}
.state-ready{stroke:#1a7f37}.state-not-ready{stroke:#9a6700}.state-failed{stroke:#c72e0f}.state-starting,.state-installing,.state-planned{stroke:#1a5fb4}
.state-starting .filled{fill:#1a5fb4}
.single-point{stroke:#9a6700}.single-point .filled{fill:#9a6700}
.part.down>.shape{stroke:#c72e0f;stroke-dasharray:5 4}
.part.cut-off>.shape{stroke:#9a6700;stroke-dasharray:2 4;stroke-width:1.5}
.cross{fill:none;stroke:#c72e0f;stroke-width:1.5;opacity:.5}
.mark rect{fill:#fff;stroke:#59636e}
.mark text{font-size:11px;font-weight:600}
.mark-error rect,.mark-error .icon{stroke:#c72e0f}.mark-error text{fill:#c72e0f}
.mark-warning rect,.mark-warning .icon{stroke:#9a6700}.mark-warning text{fill:#9a6700}
.focus-ring,.toggle{display:none}
`;

/** Arrow heads by the color of their line: the color of the line itself is not known to every viewer. */
const HEADS: readonly (readonly [kind: string, color: string])[] = [
  ['api', '#6b737b'],
  ['forward', '#6b737b'],
  ['registration', '#b26b00'],
  ['client-lb', '#1a5fb4'],
  ['datastore', '#652d90'],
];

/** The picture as a file of its own, without what only a live page needs. */
export function exportSvg(snapshot: TopologySnapshot): string {
  const { width, height, ground, wires, parts } = drawTopology(snapshot, {});
  const heads = HEADS.map(
    ([kind, color]) =>
      markup`<marker id="arrow-${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" fill="${color}" d="M0 .5 7.5 4 0 7.5z"/></marker>`,
  );
  const pieces = [...ground, ...wires, ...parts].map((piece) => still(piece.markup)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n${markup`<title>${say`${snapshot.title}: ${saying(snapshot.head)}`}</title>`.markup}\n<style>${STYLE}</style>\n<defs>${heads.map((head) => head.markup).join('')}</defs>\n<rect class="page" width="${width}" height="${height}"/>\n${pieces}\n</svg>\n`;
}

/** A picture that is taken along still says what it is of. */
function saying({ mode, question, words }: TopologySnapshot['head']): string {
  return mode === 'as designed' ? words : mode === 'what if' ? say`${question}? ${words}` : say`${question}: ${words}`;
}

/** Takes away what makes a part of the page a control. */
function still(piece: string): string {
  return piece
    .replace(/ (?:role|tabindex|aria-[a-z]+|data-[a-z]+)="[^"]*"/g, '')
    .replace(/<title>[\s\S]*?<\/title>/g, '')
    .replace(/<rect class="focus-ring"[^>]*\/>/g, '')
    .replace(/<g class="toggle"[\s\S]*?<\/g>/g, '')
    .replace(/(class="wire wire-([a-z-]+)[^>]*marker-end="url\(#arrow)\)/g, '$1-$2)');
}
