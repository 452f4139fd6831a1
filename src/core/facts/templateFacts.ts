import type { FactTopic } from './topic';

/** Templates of others, by which K3s writes the configuration of containerd. */
export interface TemplateTopic {
  /** Names in agent/etc/containerd of the data-dir, for example `config.toml.tmpl`; absent when there is none. */
  readonly containerdTemplates?: readonly string[];
}

export const templateFacts: FactTopic<TemplateTopic> = {
  name: 'template',
  script: `put containerd_templates "$(cd "$1/agent" 2>/dev/null && ls etc/containerd 2>/dev/null | grep '\\.tmpl$' | tr '\\n' ' ')"
`,
  read: (values) => {
    const names = values.words('containerd_templates');
    return names.length === 0 ? {} : { containerdTemplates: names };
  },
};
