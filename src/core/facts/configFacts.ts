import { CONFIG_PATH } from '../k3s/paths';
import type { FactTopic } from './topic';

/** What configures K3s in files. Holds secrets: it stays in the engine, and views get it masked. */
export interface ConfigTopic {
  /** Content of /etc/rancher/k3s/config.yaml; absent when there is none. */
  readonly config?: string;
  /** Drop-ins in config.yaml.d by path, in the order in which K3s reads them. */
  readonly dropIns: ReadonlyMap<string, string>;
  /** Files that are too large to be a configuration. */
  readonly tooLarge: readonly string[];
}

export const configFacts: FactTopic<ConfigTopic> = {
  name: 'config',
  script: `put_file "config ${CONFIG_PATH}" ${CONFIG_PATH}
for file in ${CONFIG_PATH}.d/*.yaml ${CONFIG_PATH}.d/*.yml; do put_file "drop_in $file" "$file"; done
`,
  read: (values) => {
    const config = values.texts('config').get(CONFIG_PATH);
    const dropIns = [...values.texts('drop_in')].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      ...(config === undefined ? {} : { config }),
      dropIns: new Map(dropIns),
      tooLarge: [...values.texts('large config').values(), ...values.texts('large drop_in').values()],
    };
  },
};
