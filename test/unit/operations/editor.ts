import { vi } from 'vitest';

/** What stands in for the editor where plans are kept and asked about: documents, tabs, and the answers of a person. */
export function fakeEditor() {
  const closing = new Set<(document: { uri: FakeUri }) => void>();
  const providers = new Map<string, { provideTextDocumentContent(uri: FakeUri): string }>();
  const asked: { readonly message: string; readonly detail?: string; readonly choices: readonly string[] }[] = [];
  let answer: string | undefined;
  let typed: string | undefined;
  const module = {
    Uri: { from: (parts: Omit<FakeUri, 'toString'>) => fakeUri(parts) },
    EventEmitter: class {
      fire = vi.fn();
      event = (): void => undefined;
      dispose(): void {}
    },
    Disposable: { from: () => ({ dispose: () => undefined }) },
    ViewColumn: { Beside: -2 },
    TabInputText: class {},
    Range: class {},
    workspace: {
      registerTextDocumentContentProvider: (
        scheme: string,
        provider: typeof providers extends Map<string, infer P> ? P : never,
      ) => {
        providers.set(scheme, provider);
      },
      onDidCloseTextDocument: (listener: (document: { uri: FakeUri }) => void) => void closing.add(listener),
      openTextDocument: async (uri: FakeUri) => ({ uri }),
    },
    window: {
      tabGroups: { all: [] },
      showTextDocument: vi.fn(async (document: { uri: FakeUri }) => ({ document })),
      showWarningMessage: async (message: string, { detail }: { detail?: string }, ...choices: string[]) => {
        asked.push({ message, choices, ...(detail === undefined ? {} : { detail }) });
        return answer;
      },
      showQuickPick: async (items: readonly { label: string }[], { title = '' }: { title?: string }) => {
        asked.push({ message: title, choices: items.map(({ label }) => label) });
        return undefined;
      },
      showInputBox: async ({ validateInput }: { validateInput(text: string): Promise<string | undefined> }) =>
        typed !== undefined && (await validateInput(typed)) === undefined ? typed : undefined,
    },
  };
  return {
    module,
    asked,
    answerWith: (choice: string | undefined, text?: string): void => {
      answer = choice;
      typed = text;
    },
    close: (uri: FakeUri): void => closing.forEach((listener) => listener({ uri })),
    textOf: (uri: FakeUri): string | undefined => providers.get(uri.scheme)?.provideTextDocumentContent(uri),
    /** Addresses of the documents that were shown. */
    shown: (): FakeUri[] => module.window.showTextDocument.mock.calls.map(([{ uri }]) => uri),
  };
}

export interface FakeUri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
  toString(): string;
}

function fakeUri({ scheme, path, query }: Omit<FakeUri, 'toString'>): FakeUri {
  return { scheme, path, query, toString: () => `${scheme}:${path}?${query}` };
}
