import { later, said, say } from '../../src/core/base/say';
import type { ExportFormat } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { element } from './element';

export interface Export {
  readonly format: ExportFormat;
  readonly to: 'file' | 'clipboard';
}

const EXPORTS: readonly (readonly [string, Export])[] = [
  [later`SVG…`, { format: 'svg', to: 'file' }],
  [later`PNG…`, { format: 'png', to: 'file' }],
  [later`Mermaid…`, { format: 'mermaid', to: 'file' }],
  [later`Copy SVG`, { format: 'svg', to: 'clipboard' }],
  [later`Copy Mermaid`, { format: 'mermaid', to: 'clipboard' }],
];

/** Ways to take the picture along, as it is shown now. */
export function renderExport(run: (wanted: Export) => void): HTMLElement {
  const buttons = EXPORTS.map(([label, wanted]) => button('secondary', said(label), () => run(wanted)).element);
  return element('section', 'panel', element('h2', '', say`Export the picture`), element('div', 'buttons', ...buttons));
}
