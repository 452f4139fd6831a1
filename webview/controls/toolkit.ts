import {
  provideVSCodeDesignSystem,
  vsCodeButton,
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
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export interface ButtonState {
  readonly label: string;
  /** Why it does nothing now; it stays a button that can be reached and asked. */
  readonly obstacle?: string;
}

export function button(kind: 'primary' | 'secondary', label: string, onClick: () => void): Control<ButtonState> {
  const element = document.createElement('vscode-button');
  element.setAttribute('appearance', kind);
  element.textContent = label;
  element.addEventListener('click', onClick);
  return {
    element,
    set: ({ label, obstacle }) => {
      if (element.textContent !== label) element.textContent = label;
      element.classList.toggle('obstructed', obstacle !== undefined);
      element.setAttribute('aria-disabled', String(obstacle !== undefined));
      element.title = obstacle ?? '';
    },
  };
}

/** A button that shows a sign; `label` is what it is called. */
export function iconButton(sign: string, label: string, onClick: () => void): HTMLElement {
  const { element } = button('secondary', sign, onClick);
  element.setAttribute('aria-label', label);
  element.title = label;
  element.classList.add('icon-button');
  return element;
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
