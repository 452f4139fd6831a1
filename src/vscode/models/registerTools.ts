import * as vscode from 'vscode';
import { TOOLS } from '../ids';
import { loadLater } from '../lazy';
import { plain } from '../services/say';
import type { ToolDependencies } from './modelTools';

/** Offers tools to language models, where this VS Code has such a thing; what they do is loaded with the first call. */
export function registerTools(deps: Pick<ToolDependencies, 'store' | 'plans' | 'operations'>): vscode.Disposable {
  const { lm } = vscode as { readonly lm?: Partial<typeof vscode.lm> };
  if (lm?.registerTool === undefined) return new vscode.Disposable(() => undefined);
  const { registerTool } = lm;
  const known: ToolDependencies = {
    ...deps,
    isTrusted: () => vscode.workspace.isTrusted,
    labelOf: ({ uri }) => vscode.workspace.asRelativePath(uri),
  };
  return vscode.Disposable.from(
    ...TOOLS.map((name) =>
      registerTool<Readonly<Record<string, unknown>>>(name, {
        prepareInvocation: async ({ input }) => {
          const question = await loadLater().prepareTool(name, input, known);
          if (question === undefined) return undefined;
          const { title, message } = { title: plain(question.title), message: plain(question.message) };
          return { invocationMessage: title, confirmationMessages: { title, message } };
        },
        invoke: async ({ input }) =>
          new vscode.LanguageModelToolResult([
            new vscode.LanguageModelTextPart(await loadLater().invokeTool(name, input, known)),
          ]),
      }),
    ),
  );
}
