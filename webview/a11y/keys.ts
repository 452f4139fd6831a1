import { say } from '../../src/core/base/say';
import type { Direction } from './roving';

export interface KeyCommands {
  go(direction: Direction): void;
  first(): void;
  last(): void;
  select(): void;
  /** Goes to the file. */
  open(): void;
  fail(): void;
  expand(): void;
  clear(): void;
  zoom(factor: number): void;
  fit(): void;
  pan(dx: number, dy: number): void;
}

/** Said to screen readers with the diagram and shown under the legend. */
export function keyHelp(): string {
  return say`Arrow keys move between parts, Enter selects a part, F12 goes to its lines in the file, Space lets it fail, E expands a group, Shift+F10 opens the menu of a part, Escape ends all failures. Plus, minus and 0 zoom, Shift with arrow keys moves the picture.`;
}

const STEP = 60;
const ARROWS: Readonly<Record<string, readonly [Direction, number, number]>> = {
  ArrowUp: ['up', 0, STEP],
  ArrowDown: ['down', 0, -STEP],
  ArrowLeft: ['left', STEP, 0],
  ArrowRight: ['right', -STEP, 0],
};

/** Keys of the diagram; they act only while it has the focus. */
export function listenToKeys(target: SVGSVGElement, commands: KeyCommands): void {
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const run = commandFor(event, commands);
    if (run === undefined) return;
    event.preventDefault();
    run();
  });
}

function commandFor(event: KeyboardEvent, commands: KeyCommands): (() => void) | undefined {
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) return event.shiftKey ? () => commands.pan(arrow[1], arrow[2]) : () => commands.go(arrow[0]);
  switch (event.key) {
    case 'Home':
      return commands.first;
    case 'End':
      return commands.last;
    case 'Enter':
      return commands.select;
    case 'F12':
      return commands.open;
    case ' ':
      return commands.fail;
    case 'e':
    case 'E':
      return commands.expand;
    case 'Escape':
      return commands.clear;
    case '+':
    case '=':
      return () => commands.zoom(1.25);
    case '-':
      return () => commands.zoom(1 / 1.25);
    case '0':
      return commands.fit;
    default:
      return undefined;
  }
}
