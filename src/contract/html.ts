export interface TopologyPage {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** From a cryptographic source, new for every page. */
  readonly nonce: string;
  /** Where style sheets may come from: `webview.cspSource`. */
  readonly cspSource: string;
  readonly title: string;
  /** What the page says in the language of the editor, by its English; without it the page speaks English. */
  readonly words?: PageWords | undefined;
}

export interface PageWords {
  /** As VS Code names it: `zh-cn`. */
  readonly language: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** The UI toolkit adds one empty style element; this hash allows exactly that and no other inline style. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The page of the diagram: nothing but our script and our style sheet may load, and nothing inline runs. Pictures of its own become PNG by a data address. */
export function topologyHtml(page: TopologyPage): string {
  const policy = `default-src 'none'; style-src ${page.cspSource} ${EMPTY_STYLE}; script-src 'nonce-${page.nonce}'; img-src data:`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.words?.language ?? 'en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
<title>${escapeHtml(page.title)}</title>
</head>
<body>
<div id="app"${wordsOf(page)}></div>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

/** Words travel as data of the page: it may load nothing but its script and its style. */
function wordsOf({ words }: TopologyPage): string {
  return words === undefined ? '' : ` data-words="${escapeHtml(JSON.stringify(Object.fromEntries(words.texts)))}"`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
