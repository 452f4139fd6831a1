import * as vscode from 'vscode';
import { FILE_PATTERN, LANGUAGE_ID } from '../ids';

const RED_HAT_YAML = 'redhat.vscode-yaml';

/**
 * Documents that we serve. A cluster file that somebody has set to language mode YAML is served by Red Hat YAML from
 * our schema when that extension is there; serving it again would double every completion and message.
 */
export function selector(): vscode.DocumentFilter[] {
  const own = { language: LANGUAGE_ID };
  return redHatYaml() ? [own] : [own, { language: 'yaml', pattern: FILE_PATTERN }];
}

export function isServed(document: vscode.TextDocument): boolean {
  return vscode.languages.match(selector(), document) > 0;
}

function redHatYaml(): boolean {
  return vscode.extensions.getExtension(RED_HAT_YAML) !== undefined;
}
