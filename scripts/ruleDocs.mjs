// Writes docs/rules, docs/checks, docs/datastores and the ids of the setting k3s-ha.rules from rules and checks of hosts themselves: `node scripts/ruleDocs.mjs`, or with --check only says whether
// they are current.
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { keyed } from './lib/manifestTexts.mjs';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = {
  rules: join(ROOT, 'docs/rules'),
  checks: join(ROOT, 'docs/checks'),
  live: join(ROOT, 'docs/live'),
  datastores: join(ROOT, 'docs/datastores'),
};
const GOLDEN = join(ROOT, 'test/golden/rules');
const CONTROL = `## Ignoring a finding

- \`# k3s-ha-ignore <rule-id>\` at the end of a line, or alone on the line above, ignores that rule on the line. Several ids are separated by commas; what follows \`--\` is the reason: \`# k3s-ha-ignore lb-single-point -- the provider runs two\`.
- \`# k3s-ha-ignore-file <rule-id>\` anywhere ignores the rule in the whole file.
- The setting \`k3s-ha.rules\` makes a rule an error, a warning, information or a hint, or switches it off; \`k3s-ha lint --rule <rule-id>=<level>\` does the same on the command line.

A comment that suppresses nothing is reported, and so is an id that does not exist.

## Several files

\`in-other-file\`: another cluster file of the workspace, or of the same call of \`k3s-ha lint\`, has the same machine or fixed address (warning), or a cluster of the same name (information). It is told in both files and may be ignored like a rule. Behind another jump host the same address is another machine.`;
const CHECKS_CONTROL = `## Ignoring a finding

The comments that ignore rules of the file do it here, too, beside the entry of the machine: \`# k3s-ha-ignore <id> -- why\` for its line, \`# k3s-ha-ignore-file <id>\` for all machines. What is ignored is no problem of a plan either. The setting \`k3s-ha.rules\` gives a check another level in the editor.`;
const TRIALS_CONTROL = `## Ignoring a finding

The comments that ignore rules of the file do it here, too: \`# k3s-ha-ignore <id> -- why\` at the endpoint of \`datastore\`, or \`# k3s-ha-ignore-file <id>\` anywhere. What is ignored is no problem of a plan either, and K3s will meet it. The setting \`k3s-ha.rules\` switches a finding off with \`off\`.`;
const MANIFEST = join(ROOT, 'package.json');
const MANIFEST_TEXTS = join(ROOT, 'package.nls.json');
const SEVERITIES = ['error', 'warning', 'info', 'hint'];

const core = await loadCore();
/** The golden file with the finding, by the id of its rule: `<area>/<rule-id>/bad.k3s.yaml`. */
const goldenFiles = new Map(
  globSync('*/*/bad.k3s.yaml', { cwd: GOLDEN })
    .map((file) => file.replaceAll('\\', '/'))
    .map((file) => [file.split('/')[1], file]),
);
const pages = {
  rules: new Map([...core.RULES.map((rule) => [`${rule.id}.md`, page(rule)]), ['README.md', overview()]]),
  checks: new Map([
    ...core.HOST_CHECKS.map((check) => [`${check.id}.md`, checkPage(check)]),
    ['README.md', checksOverview()],
  ]),
  datastores: new Map([...core.TRIAL_IDS.map((id) => [`${id}.md`, trialPage(id)]), ['README.md', trialsOverview()]]),
  live: new Map([
    ...core.LIVE_PROBLEMS.map((problem) => [`${problem.id}.md`, livePage(problem)]),
    ['README.md', liveOverview()],
  ]),
};
process.exitCode = process.argv.includes('--check') ? check() : write();

/** The rules are TypeScript; bundled they can be imported from memory. */
async function loadCore() {
  const contents = [
    `export { RULES, checkCluster, fixesFor } from './src/core/rules/registry';`,
    `export { HOST_CHECKS } from './src/core/hostChecks/registry';`,
    `export { ELSEWHERE_IDS } from './src/core/language/elsewhere';`,
    `export { TRIAL_IDS, TRIAL_SEVERITIES } from './src/core/datastore/trial/ids';`,
    `export { TRIAL_PAGES } from './src/core/datastore/trial/pages';`,
    `export { LIVE_PROBLEMS } from './src/core/health/live/registry';`,
    `export { parseDocument } from './src/core/document/parse';`,
    `export { normalise } from './src/core/cluster/normalise';`,
  ].join('\n');
  const result = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
}

/** What the rule says about its own test file: the file, the message and the fixes offered. */
function example(rule) {
  const golden = readFileSync(join(GOLDEN, goldenFiles.get(rule.id)), 'utf8');
  const text = golden.replace(/^# fix .*\n/gm, '').replace(/ # want .*$/gm, '');
  const document = core.parseDocument(text);
  const context = { document, cluster: core.normalise(document.data) };
  const finding = core.checkCluster(context).find(({ ruleId }) => ruleId === rule.id);
  return { text, finding, fixes: core.fixesFor(context, finding) };
}

function page(rule) {
  const { text, finding, fixes } = example(rule);
  return (
    [
      `# ${rule.title}`,
      `\`${rule.id}\` · ${rule.severity}`,
      rule.rationale,
      '## Example',
      '```yaml\n' + text + '```',
      `> ${finding.message}`,
      ...(fixes.length === 0
        ? []
        : [
            '## Quick fixes',
            fixes.map((fix) => `- ${fix.title}${fix.safe ? ' *(also taken by "fix all")*' : ''}`).join('\n'),
          ]),
      '## Sources',
      rule.sources.map(({ label, url }) => `- [${label}](${url})`).join('\n'),
      '[All rules](README.md)',
    ].join('\n\n') + '\n'
  );
}

function overview() {
  const rows = SEVERITIES.flatMap((severity) => core.RULES.filter((rule) => rule.severity === severity)).map((rule) => {
    const [fix] = example(rule).fixes;
    return `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.title} | ${fix === undefined ? '' : cell(fix.title)} | [file](../../test/golden/rules/${goldenFiles.get(rule.id)}) |`;
  });
  const elsewhere = Object.entries(catalogue()).filter(([, { elsewhere }]) => elsewhere !== undefined);
  return (
    [
      '# Availability rules',
      `What the editor and \`k3s-ha lint\` check in a cluster file before any machine is touched: ${core.RULES.length} rules. The quick fix is the first one offered for the example of the page, which is the golden file.`,
      CONTROL,
      [
        '| rule | severity | what it finds | quick fix | golden file |',
        '| --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
      '## What the file cannot tell',
      'Checks that belong to a highly available K3s as well, and why they are not rules of the editor.',
      [
        '| check | severity | why not here |',
        '| --- | --- | --- |',
        ...elsewhere.map(([id, { severity, elsewhere: reason }]) => `| ${id} | ${severity} | ${cell(reason)} |`),
      ].join('\n'),
    ].join('\n\n') + '\n'
  );
}

/** Text that may stand in a cell of a table. */
function cell(text) {
  return text.replaceAll('|', '\\|');
}

function catalogue() {
  return JSON.parse(readFileSync(join(GOLDEN, 'catalogue.json'), 'utf8'));
}

function checkPage({ id, severity, title, rationale, sources }, all = 'All checks of hosts') {
  return (
    [
      `# ${title}`,
      `\`${id}\` · ${severity}`,
      rationale,
      '## Sources',
      sources.map(({ label, url }) => `- [${label}](${url})`).join('\n'),
      `[${all}](README.md)`,
    ].join('\n\n') + '\n'
  );
}

function trialPage(id) {
  const found = { id, severity: core.TRIAL_SEVERITIES[id], ...core.TRIAL_PAGES[id] };
  return checkPage(found, 'All findings of datastores');
}

function trialsOverview() {
  const rows = core.TRIAL_IDS.map(
    (id) => `| [${id}](${id}.md) | ${core.TRIAL_SEVERITIES[id]} | ${cell(core.TRIAL_PAGES[id].title)} |`,
  );
  return (
    [
      '# Trials of datastores',
      `What is found when a datastore outside of the servers is tried from the network of each server, before K3s uses it: ${core.TRIAL_IDS.length} findings. A plan that starts or restarts servers logs in as K3s will, reads, and leaves nothing behind. It refuses what is an error here, unless a server that runs already lives with it or enough other parts of the datastore answer, and notes the rest.`,
      TRIALS_CONTROL,
      ['| finding | severity | what it says |', '| --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n') + '\n'
  );
}

function checksOverview() {
  const rows = SEVERITIES.flatMap((severity) => core.HOST_CHECKS.filter((check) => check.severity === severity)).map(
    ({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${cell(title)} |`,
  );
  return (
    [
      '# Checks of hosts',
      `What *K3s HA: Check Hosts* and \`k3s-ha check\` look at on the machines themselves before anything is touched: ${core.HOST_CHECKS.length} checks. Nothing is changed by looking. *Preview Plan* refuses what is an error here, and notes what is a warning.`,
      CHECKS_CONTROL,
      ['| check | severity | what it finds |', '| --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n') + '\n'
  );
}

function livePage({ id, severity, title, rationale }) {
  return [`# ${title}`, `\`${id}\` · ${severity}`, rationale, '[All live problems](README.md)'].join('\n\n') + '\n';
}

function liveOverview() {
  const rows = core.LIVE_PROBLEMS.map(
    ({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${cell(title)} |`,
  );
  return (
    [
      '# Live problems',
      'What a cluster that is watched tells by itself: while the explorer or a diagram is visible it stands in *Problems* at the lines of the cluster file, with the source `K3s HA live`, and it goes when it is mended or nobody watches any more. Nothing is asked for it beyond what those views ask for; certificates and snapshots are as of the last look at them.',
      'Comments that ignore findings and the setting `k3s-ha.rules` hold for these ids, too.',
      ['| problem | severity | what it says |', '| --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n') + '\n'
  );
}

function current(folder) {
  mkdirSync(folder, { recursive: true });
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The manifest with the ids that the setting knows, and its texts in a file of their own. */
function manifestFiles() {
  const found = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const ids = [...core.RULES.map(({ id }) => id), ...core.ELSEWHERE_IDS];
  const { properties } = found.contributes.configuration.find((group) => 'k3s-ha.rules' in group.properties);
  properties['k3s-ha.rules'].propertyNames.enum = ids.sort();
  const { manifest, texts } = keyed(found, JSON.parse(readFileSync(MANIFEST_TEXTS, 'utf8')));
  return [
    [MANIFEST, manifest],
    [MANIFEST_TEXTS, texts],
  ].map(([file, content]) => [file, `${JSON.stringify(content, null, 2)}\n`]);
}

function write() {
  for (const [file, text] of manifestFiles()) writeFileSync(file, text);
  for (const [kind, folder] of Object.entries(FOLDERS)) {
    const old = current(folder);
    for (const name of old.keys()) if (!pages[kind].has(name)) rmSync(join(folder, name));
    for (const [name, text] of pages[kind]) if (old.get(name) !== text) writeFileSync(join(folder, name), text);
    console.log(`docs/${kind}: ${pages[kind].size} pages`);
  }
  return 0;
}

function check() {
  const stale = Object.entries(FOLDERS).flatMap(([kind, folder]) => {
    const old = current(folder);
    const names = [...new Set([...pages[kind].keys(), ...old.keys()])];
    return names.filter((name) => pages[kind].get(name) !== old.get(name)).map((name) => `${kind}/${name}`);
  });
  for (const [file, text] of manifestFiles()) if (text !== readFileSync(file, 'utf8')) stale.push(basename(file));
  if (stale.length === 0) return 0;
  console.error(`docs is not current (${stale.join(', ')}). Run: node scripts/ruleDocs.mjs`);
  return 1;
}
