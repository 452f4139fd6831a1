import type * as vscode from 'vscode';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { parseInSteps } from '../../core/document/parse';
import { inspectInSteps, type CheckOptions, type Inspection } from '../../core/language/validate';
import { inSlices } from './slices';

/** Open documents as trees and with their findings, read once for each version whoever asks. */
export interface Documents {
  /** The text as it is when the promise resolves. */
  read(document: vscode.TextDocument): Promise<ClusterDocument>;
  /** Undefined when the text changed meanwhile: then the next check is due anyway. */
  inspect(document: vscode.TextDocument, options: CheckOptions): Promise<Inspection | undefined>;
}

export function createDocuments(): Documents {
  const known = new WeakMap<vscode.TextDocument, { readonly version: number; readonly read: ClusterDocument }>();
  const reading = new WeakMap<vscode.TextDocument, Promise<ClusterDocument>>();
  const start = async (document: vscode.TextDocument): Promise<ClusterDocument> => {
    for (;;) {
      const { version } = document;
      const read = await inSlices(
        parseInSteps(document.getText(), known.get(document)?.read),
        () => document.version !== version,
      );
      if (read === undefined) continue;
      known.set(document, { version, read });
      return read;
    }
  };
  const read = (document: vscode.TextDocument): Promise<ClusterDocument> => {
    const current = known.get(document);
    if (current?.version === document.version) return Promise.resolve(current.read);
    const running = reading.get(document) ?? start(document).finally(() => reading.delete(document));
    reading.set(document, running);
    return running;
  };
  return {
    read,
    async inspect(document, options) {
      const parsed = await read(document);
      const { version } = document;
      return inSlices(inspectInSteps(parsed, options), () => document.version !== version);
    },
  };
}
