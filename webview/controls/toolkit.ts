import {
  provideVSCodeDesignSystem,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';

/** A control: its element and what may change about it later. */
export interface Control<T> {
  readonly element: HTMLElement;
  set(value: T): void;
}

/** Defines the elements; call before any control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export interface ButtonState {
  readonly label: string;
  /** Why it does nothing now; it stays a button that can be reached and asked. */
  readonly obstacle?: string;
}

/** Not the toolkit's: it does not pass on that it can do nothing now, nor why. */
export function button(kind: 'primary' | 'secondary', label: string, onClick: () => void): Control<ButtonState> {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = `button ${kind}`;
  element.textContent = label;
  element.addEventListener('click', onClick);
  return {
    element,
    set: ({ label, obstacle }) => {
      if (element.textContent !== label) element.textContent = label;
      element.classList.toggle('obstructed', obstacle !== undefined);
      if (obstacle === undefined) element.removeAttribute('aria-disabled');
      else element.setAttribute('aria-disabled', 'true');
      element.title = obstacle ?? '';
    },
  };
}

export interface IconButton {
  readonly element: HTMLElement;
  set(sign: HTMLElement, label: string): void;
}

/** A button that shows a sign; `label` is what it is called. Not the toolkit's: it has no place for a picture of our own. */
export function iconButton(sign: HTMLElement, label: string, onClick: () => void): IconButton {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'icon-button';
  element.addEventListener('click', onClick);
  let shown = '';
  const set = (next: HTMLElement, name: string): void => {
    if (name === shown) return;
    shown = name;
    element.replaceChildren(next);
    element.setAttribute('aria-label', name);
    element.title = name;
  };
  set(sign, label);
  return { element, set };
}

/** Not the toolkit's: its badge sets an inline style, which the page's policy forbids. */
export function badge(text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'badge';
  element.textContent = text;
  return element;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownState {
  readonly choices: readonly Choice[];
  readonly value: string;
}

export function dropdown(label: string, onChange: (value: string) => void): Control<DropdownState> {
  const element = document.createElement('vscode-dropdown') as HTMLElement & { value: string };
  element.setAttribute('aria-label', label);
  let shown = '';
  element.addEventListener('change', () => onChange(element.value));
  return {
    element,
    set: ({ choices, value }) => {
      const next = JSON.stringify(choices);
      if (next !== shown) {
        shown = next;
        element.replaceChildren(
          ...choices.map((choice) => {
            const option = document.createElement('vscode-option');
            option.setAttribute('value', choice.value);
            option.textContent = choice.label;
            return option;
          }),
        );
      }
      // New options take part only after the element has seen them.
      requestAnimationFrame(() => {
        if (element.value !== value) element.value = value;
      });
    },
  };
}

export function progressRing(): HTMLElement {
  const element = document.createElement('vscode-progress-ring');
  element.setAttribute('aria-hidden', 'true');
  return element;
}
