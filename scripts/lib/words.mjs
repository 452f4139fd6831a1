// Collects everything that the program says to people from its sources, for the catalogues in l10n/ (docs/translating.md).
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { inRoot } from './paths.mjs';

/**
 * Rooms in which everything is translated: a text with words in it that is not said is an error there. What is said
 * elsewhere (a problem of an adapter, a step of a plan) is English until its room is covered.
 */
export const COVERED = [
  'src/core/base',
  'src/core/rules',
  'src/core/language',
  'src/core/plan',
  'src/core/health',
  'src/core/hostChecks',
  'src/core/topology',
  'src/core/workloads',
  'src/core/drill',
  'src/engine/access',
  'src/engine/adopt',
  'src/engine/checks',
  'src/engine/drill',
  'src/engine/guards',
  'src/engine/hosts',
  'src/engine/nodes',
  'src/engine/operations',
  'src/engine/planning',
  'src/engine/run',
  'src/engine/snapshots',
  'src/engine/steps',
  'src/views',
  'src/vscode',
  'webview',
];

/**
 * Everything that is said, in the order of the sources: its English, where it first stands, in which room, and which of its
 * places are only English grammar (`is` or `are` behind a number), which other languages leave out.
 */
export function collect() {
  const found = new Map();
  const unsaid = [];
  for (const { file, source } of sources()) {
    const room = roomOf(file);
    const add = (text, node, grammar, places) => {
      const where = `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
      const known = found.get(text);
      if (known === undefined) found.set(text, { text, where, room, grammar, places });
      else if (String(known.grammar) !== String(grammar))
        throw new Error(`${where} and ${known.where} say "${text}" with other places for English grammar.`);
    };
    eachSaid(source, add);
    if (isCovered(file) && !OTHER_LANGUAGES.has(file))
      unsaid.push(...unsaidIn(source).map(({ node, text }) => ({ text, where: `${file}:${lineOf(source, node)}` })));
  }
  return { said: [...found.values()], unsaid };
}

function* sources() {
  // The page first: it gets the texts of its own room, and no others.
  const files = ['webview/**/*.ts', 'src/**/*.ts'].flatMap((room) => globSync(room, { cwd: inRoot() }).sort());
  for (const file of files) {
    const text = readFileSync(inRoot(file), 'utf8');
    if (/\b(?:say|later|md|count)[`(]/u.test(text) || isCovered(file))
      yield { file, source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  }
}

const isCovered = (file) =>
  !file.startsWith('webview/harness/') && COVERED.some((covered) => file.startsWith(`${covered}/`));

/** `src/core/rules`, `src/vscode`, `webview`: a room of the core, or a room. */
function roomOf(file) {
  const [first, second, third] = file.split('/');
  if (first !== 'src') return first;
  return second === 'core' ? `src/core/${third}` : second?.endsWith('.ts') ? 'src' : `src/${second}`;
}

function eachSaid(source, add) {
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node) && isName(node.tag, ...TAGS)) {
      if (isName(node.tag, 'say', 'md') && !insideFunction(node))
        throw new Error(
          `${source.fileName}:${lineOf(source, node)}: say at the top of a file comes before the language is known; use later and said.`,
        );
      const { text, spans } = partsOf(node.template);
      // Markdown around a value alone says nothing.
      if (isName(node.tag, 'md') && !isLetters(text)) return ts.forEachChild(node, visit);
      add(
        text,
        node,
        spans.flatMap(({ expression }, i) => (isGrammar(expression) ? [i] : [])),
        spans.map(({ expression }) => expression.getText(source)),
      );
    }
    if (isCount(node)) for (const noun of literals(node.arguments[1])) add(`{0} ${noun}s`, node, [], ['count']);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** The English of a template with numbers for its values, and these. */
function partsOf(template) {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return { text: template.text, spans: [] };
  const spans = [...template.templateSpans];
  return { text: template.head.text + spans.map((span, i) => `{${i}}${span.literal.text}`).join(''), spans };
}

/** A choice between words that are not said themselves: `is` or `are`, one or the other plural. */
function isGrammar(expression) {
  if (ts.isParenthesizedExpression(expression)) return isGrammar(expression.expression);
  if (!ts.isConditionalExpression(expression)) return false;
  const both = [expression.whenTrue, expression.whenFalse];
  return both.every((part) => ts.isStringLiteralLike(part) || isGrammar(part)) && literals(expression).some(isLetters);
}

/** The texts that an expression may be, as far as they stand in it. */
function literals(expression) {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression))
    return [...literals(expression.whenTrue), ...literals(expression.whenFalse)];
  return ts.isParenthesizedExpression(expression) ? literals(expression.expression) : [];
}

/** Lines of a log are for reports of bugs, and names for the debugger: English. */
const isLogged = (node) =>
  (ts.isCallExpression(node) &&
    /\blog\.(?:error|warn|info|debug)$|^Symbol$|\bsetVisible$|\bclipboard\.writeText$/u.test(
      node.expression.getText(),
    )) ||
  ts.isElementAccessExpression(node);

const isCount = (node) => ts.isCallExpression(node) && isName(node.expression, 'count') && node.arguments.length === 2;

/** Pictures of the page: only their values may be texts. */
const isMarkup = (node) => ts.isTaggedTemplateExpression(node) && isName(node.tag, 'markup');

/** `element('li', 'class of it', …)` of the page: what follows may be texts. */
const isElement = (node) => ts.isCallExpression(node) && isName(node.expression, 'element');

const isClassName = (node) => ts.isBinaryExpression(node) && /\.className$/u.test(node.left.getText());

/** What a step says while it runs and how it is counted may be one word. */
const isOfStep = ({ parent }) =>
  parent !== undefined && ts.isPropertyAssignment(parent) && isName(parent.name, 'doing', 'counted');

function visitValues(template, visit) {
  if (ts.isTemplateExpression(template)) template.templateSpans.forEach(({ expression }) => visit(expression));
}

const isLetters = (text) => /[a-z]{2}/iu.test(text);

const isName = (node, ...names) => ts.isIdentifier(node) && names.includes(node.text);

function insideFunction(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}

const lineOf = (source, node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** What is no text for people, whatever words it has: pages of documentation, links, and what a bug says. */
const OTHER_PROPERTIES = new Set([
  'rationale',
  'sources',
  'url',
  'command',
  'key',
  'newText',
  'border',
  'path',
  'event',
]);

/** What K3s writes into its log, names of things that are compared, and YAML that is made to be read again. */
const QUOTED = new Set([
  's3 bucket name was not set',
  's3 configuration was not set',
  '{0} single',
  'machine {0} {1} {2}',
  'machine {0}',
  'server down',
  '{apiVersion: k3s-ha/v1, kind: Cluster, metadata: {name: x}, servers: {nodes: [{host: x}]}, registries: {0}}',
  '{0} any',
  '{0} at {1}',
  '{0}, run {1}',
  '{0}, process {1}',
  '{0} steps',
  'keepalived',
  'the variable',
  'as designed',
  'last known',
  'what if',
  'K3s HA live',
]);
/** Titles of pages, and text of other languages. */
const OTHER_LANGUAGES = new Set([
  'src/core/rules/reading/sources.ts',
  'src/core/hostChecks/reading/documents.ts',
  'src/core/plan/runRecord.ts', // what stands in a file is read again
  'src/core/topology/dot.ts',
  'src/core/topology/mermaid.ts',
  'src/vscode/models/modelTools.ts', // language models are answered in English
  'src/vscode/models/toolAnswers.ts',
]);

/** Texts with words in them that nobody says. */
function unsaidIn(source) {
  const found = [];
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node) && isName(node.tag, ...TAGS)) {
      return visitValues(node.template, inPlace);
    }
    if (isCount(node)) return visit(node.arguments[0]);
    if (isMarkup(node)) return visitValues(node.template, visit);
    if (isClassName(node)) return;
    if (isElement(node)) return node.arguments.slice(2).forEach(visit);
    if (isLogged(node)) return;
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && OTHER_PROPERTIES.has(node.name.text)) return;
    const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? partsOf(node).text : '';
    if ((hasWords(text) || (isOfStep(node) && isLetters(text))) && !QUOTED.has(text) && !TYPED.test(text))
      found.push({ node, text });
    ts.forEachChild(node, visit);
  };
  // Inside of what is said, a single word counts as well, unless it is grammar.
  const inPlace = (expression) => {
    if (isGrammar(expression)) return;
    if (ts.isConditionalExpression(expression))
      for (const part of [expression.whenTrue, expression.whenFalse])
        if (ts.isStringLiteralLike(part) && isLetters(part.text) && !QUOTED.has(part.text))
          found.push({ node: part, text: part.text });
    visit(expression);
  };
  visit(source);
  return found;
}

/** Tags of texts that are said. */
const TAGS = ['say', 'later', 'md'];

/** What somebody types, and pictures and their style, are the same in every language. */
const TYPED =
  /^(?:(?:#[^\n]*\n)?apiVersion: |rc-service |systemctl |for unit |kubectl |curl|mysql:|ip (?:link|addr|route) |ufw |firewall-cmd |--|proto |from \{|take away$|it runs$|\s*<|\ntext\{)/u;

/** Two words or more in a row, as in a sentence. */
const hasWords = (text) =>
  /[A-Za-z]{2,}[,:;]? (?:\{\d+\} )?[a-z]+|\} [a-z]{2,}|\b[a-z]{2,} \{|\b[A-Z][a-z]+ [A-Z][a-z]+/u.test(text);
