export interface TopologyPage {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** From a cryptographic source, new for every page. */
  readonly nonce: string;
  /** Where style sheets may come from: `webview.cspSource`. */
  readonly cspSource: string;
  readonly title: string;
}

/** The UI toolkit adds one empty style element; this hash allows exactly that and no other inline style. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The page of the diagram: nothing but our script and our style sheet may load, and nothing inline runs. Pictures of its own become PNG by a data address. */
export function topologyHtml(page: TopologyPage): string {
  const policy = `default-src 'none'; style-src ${page.cspSource} ${EMPTY_STYLE}; script-src 'nonce-${page.nonce}'; img-src data:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
<title>${escapeHtml(page.title)}</title>
</head>
<body>
<div id="app"></div>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
