/** The reference page of the cluster file: every key and every option of K3s, straight from the schema. */
export function renderReference(schema) {
  const resolve = (node) =>
    node.$ref === undefined ? node : { ...resolve(lookup(schema, node.$ref)), ...without(node, '$ref') };
  const lines = [
    '# Reference of the cluster file',
    '',
    '<!-- Generated from schemas/cluster.k3s.schema.json by scripts/generate.mjs; change the schema instead. -->',
    '',
    'Files named `cluster.k3s.yaml` or `*.k3s.yaml`. Keys in **bold** are required.',
    '',
    'Values that must stay secret are written as references: `${secret:name}` (kept by the editor), `${env:NAME}` (environment variable) or `${file:path}` (content of a file).',
    '',
    ...keySection('The file', schema, resolve),
  ];
  for (const [name, value] of Object.entries(schema.properties)) {
    const node = resolve(value);
    if (node.oneOf !== undefined) lines.push(...branchSection(name, node, resolve));
    else if (node.properties !== undefined) lines.push(...objectSection(name, node, resolve));
    else if (resolve(node.items ?? {}).properties !== undefined)
      lines.push(...objectSection(`${name}[]`, resolve(node.items), resolve));
  }
  lines.push(...optionSections(schema));
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function lookup(schema, ref) {
  return ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node[key], schema);
}

function without(node, key) {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
}

function objectSection(name, node, resolve) {
  const lines = keySection(`\`${name}\``, node, resolve);
  for (const [key, value] of Object.entries(node.properties)) {
    const child = resolve(value);
    // These are told once, for the whole file.
    if (key === 'config' || key === 'ssh' || key === 'files') continue;
    const [inner, path] = innerOf(child, `${name}.${key}`, resolve);
    if (inner.properties !== undefined) lines.push(...objectSection(path, inner, resolve));
  }
  return lines;
}

/** What stands inside a value of this kind, and how a path names it. */
function innerOf(node, path, resolve) {
  if (node.type === 'array' && node.items !== undefined) return [resolve(node.items), `${path}[]`];
  const { additionalProperties } = node;
  if (node.properties === undefined && typeof additionalProperties === 'object')
    return [resolve(additionalProperties), `${path}.<name>`];
  return [node, path];
}

function branchSection(name, node, resolve) {
  const branches = node.oneOf.map(resolve);
  const intro = [`## \`${name}\``, '', node.description, ''];
  return [
    ...intro,
    ...branches.flatMap((branch) => {
      const types = branch.properties.type.enum.map((type) => `\`${type}\``).join(', ');
      return [
        `### \`${name}\` of type ${types}`,
        '',
        ...(branch.description === undefined ? [] : [branch.description, '']),
        ...keyTable(branch, resolve),
        ...Object.entries(branch.properties).flatMap(([key, value]) => {
          const child = resolve(value);
          const inner = child.type === 'array' && child.items !== undefined ? resolve(child.items) : child;
          if (inner.properties === undefined) return [];
          return [
            `#### \`${name}.${key}${inner === child ? '' : '[]'}\``,
            '',
            inner.description,
            '',
            ...keyTable(inner, resolve),
          ];
        }),
      ];
    }),
  ];
}

function keySection(title, node, resolve) {
  return [`## ${title}`, '', node.description, '', ...keyTable(node, resolve)];
}

function keyTable(node, resolve) {
  const required = new Set(node.required ?? []);
  const rows = Object.entries(node.properties).map(([key, value]) => {
    const child = resolve(value);
    const name = required.has(key) ? `**\`${key}\`**` : `\`${key}\``;
    return `| ${name} | ${typeName(child)} | ${defaultText(child)} | ${cell(child.description)}${allowed(child)} |`;
  });
  return ['| Key | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows, ''];
}

function optionSections(schema) {
  const options = Object.entries(schema.definitions.options.properties);
  const categories = [...new Set(options.map(([, option]) => option['x-k3s'].category))].sort();
  const lines = [
    '## Options of K3s',
    '',
    'What stands under `config:` goes into `/etc/rancher/k3s/config.yaml` of the host. A key with a plus sign, such as `node-label+`, adds to the list of the role instead of replacing it.',
    '',
    'Marks: **equal** = must be the same on all servers, **fixed** = cannot change once the cluster exists, **secret** = write a reference.',
    '',
  ];
  for (const category of categories) {
    lines.push(
      `### ${category[0].toUpperCase()}${category.slice(1)}`,
      '',
      '| Option | For | Type | Default | Meaning |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const [name, option] of options.filter(([, candidate]) => candidate['x-k3s'].category === category)) {
      const facts = option['x-k3s'];
      const role = { both: 'all', server: 'servers', agent: 'agents' }[facts.role];
      lines.push(
        `| \`${name}\` | ${role} | ${typeName(option)} | ${defaultText(option)} | ${cell(option.description)}${allowed(option)}${marks(facts)} |`,
      );
    }
    lines.push('');
  }
  return lines;
}

function marks(facts) {
  const found = [
    facts.critical && '**equal**',
    facts.immutable && '**fixed**',
    facts.secret && '**secret**',
    facts.experimental && 'experimental',
    facts.deprecated && `deprecated${facts.replacedBy === undefined ? '' : `, use \`${facts.replacedBy}\``}`,
    facts.env && `environment: \`${facts.env}\``,
    facts.since && `since ${facts.since}`,
  ].filter(Boolean);
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

function typeName(node) {
  const names = { boolean: 'true or false', integer: 'number', string: 'text', array: 'list', object: 'block' };
  const types = [node.type ?? 'object'].flat();
  if (types.join() === 'string,array') return 'text or list';
  return types.map((type) => names[type] ?? type).join(' or ');
}

function defaultText(node) {
  if (node.default !== undefined) return `\`${node.default}\``;
  return cell(node['x-k3s']?.effectiveDefault ?? '');
}

function allowed(node) {
  return node.enum === undefined ? '' : ` One of ${node.enum.map((value) => `\`${value}\``).join(', ')}.`;
}

function cell(text) {
  return (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
}
