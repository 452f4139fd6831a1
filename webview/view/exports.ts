import type { ExportFormat } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { element } from './element';

export interface Export {
  readonly format: ExportFormat;
  readonly to: 'file' | 'clipboard';
}

const EXPORTS: readonly (readonly [string, Export])[] = [
  ['SVG…', { format: 'svg', to: 'file' }],
  ['PNG…', { format: 'png', to: 'file' }],
  ['Mermaid…', { format: 'mermaid', to: 'file' }],
  ['Copy SVG', { format: 'svg', to: 'clipboard' }],
  ['Copy Mermaid', { format: 'mermaid', to: 'clipboard' }],
];

/** Ways to take the picture along, as it is shown now. */
export function renderExport(run: (wanted: Export) => void): HTMLElement {
  const buttons = EXPORTS.map(([label, wanted]) => button('secondary', label, () => run(wanted)).element);
  return element('section', 'panel', element('h2', '', 'Export the picture'), element('div', 'buttons', ...buttons));
}
