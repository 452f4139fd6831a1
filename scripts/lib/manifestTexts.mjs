// The texts of package.json stand in package.nls.json, where they can be translated:
// https://code.visualstudio.com/api/references/extension-manifest#extension-manifest-localization

const KEY = /^%[\w.-]+%$/;

/** Every text of a manifest that people read: its key, and how it is read and written. The name of the product is none. */
function* places(manifest) {
  const { contributes, capabilities } = manifest;
  yield ['extension.description', manifest, 'description'];
  for (const command of contributes.commands)
    yield [`command.${command.command.replace(/^k3s-ha\./, '')}`, command, 'title'];
  for (const submenu of contributes.submenus) yield [`submenu.${lastOf(submenu.id)}`, submenu, 'label'];
  for (const tool of contributes.languageModelTools)
    for (const name of ['displayName', 'userDescription'])
      yield [`tool.${tool.name.replace('k3s-ha_', '')}.${name}`, tool, name];
  for (const view of Object.values(contributes.views).flat()) yield [`view.${lastOf(view.id)}`, view, 'name'];
  for (const [i, welcome] of contributes.viewsWelcome.entries()) yield [`welcome.${i + 1}`, welcome, 'contents'];
  for (const walkthrough of contributes.walkthroughs) {
    yield [`walkthrough.${walkthrough.id}.title`, walkthrough, 'title'];
    yield [`walkthrough.${walkthrough.id}.description`, walkthrough, 'description'];
    for (const step of walkthrough.steps) {
      yield [`walkthrough.${walkthrough.id}.${step.id}.title`, step, 'title'];
      yield [`walkthrough.${walkthrough.id}.${step.id}.description`, step, 'description'];
      yield [`walkthrough.${walkthrough.id}.${step.id}.picture`, step.media, 'altText'];
    }
  }
  for (const group of contributes.configuration) {
    const [first = ''] = Object.keys(group.properties);
    yield [`settings.${first.split('.').slice(1, 2)}`, group, 'title'];
    for (const [id, property] of Object.entries(group.properties)) {
      const key = `setting.${id.replace(/^k3s-ha\./, '')}`;
      yield [key, property, 'markdownDescription'];
      for (const [i, value] of (property.enumDescriptions === undefined ? [] : property.enum).entries())
        yield [`${key}.${value}`, property.enumDescriptions, i];
    }
  }
  for (const [id, capability] of Object.entries(capabilities)) yield [`capability.${id}`, capability, 'description'];
}

/** `{ manifest, texts }`: the manifest with keys instead of texts, and the texts by their keys; those that nobody uses are left out. */
export function keyed(manifest, texts) {
  const copy = structuredClone(manifest);
  const used = {};
  for (const [key, owner, name] of places(copy)) {
    const found = owner[name];
    used[key] = KEY.test(found) ? texts[found.slice(1, -1)] : found;
    owner[name] = `%${key}%`;
  }
  return { manifest: copy, texts: used };
}

const lastOf = (id) => id.split('.').at(-1);
