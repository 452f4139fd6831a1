import { readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as languageServer from 'yaml-language-server';
import { inRoot } from '../../scripts/lib/paths.mjs';

/** The language server behind Red Hat's YAML extension, given our schema: what people would have without us. */
export function yamlLanguageServer() {
  const quiet = () => undefined;
  const service = languageServer.getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('the schema is given')),
    workspaceContext: { resolveRelativePath: (relative) => relative },
    telemetry: { send: quiet, sendError: quiet, sendTrack: quiet },
  });
  const schema = JSON.parse(readFileSync(inRoot('schemas', 'cluster.k3s.schema.json'), 'utf8'));
  service.configure({
    validate: true,
    completion: true,
    hover: true,
    schemas: [{ uri: 'file:///cluster.schema.json', fileMatch: ['*.k3s.yaml'], schema }],
  });
  let version = 0;
  const documentOf = (text) => TextDocument.create('file:///cluster.k3s.yaml', 'yaml', (version += 1), text);
  const at = (document, offset) => document.positionAt(offset);
  return {
    validate: (text) => service.doValidation(documentOf(text), false),
    complete: (text, offset) => {
      const document = documentOf(text);
      return service.doComplete(document, at(document, offset), false);
    },
    hover: (text, offset) => {
      const document = documentOf(text);
      return service.doHover(document, at(document, offset));
    },
  };
}
