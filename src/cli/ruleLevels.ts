import type { RuleLevels } from '../core/language/control';
import { IN_OTHER_FILE } from '../core/language/elsewhere';
import { RULES } from '../core/rules/registry';
import { closest } from '../core/base/suggestion';
import { err, ok, type Result } from '../core/base/result';

const LEVELS = ['error', 'warning', 'info', 'hint', 'off'] as const;

/** Reads `--rule <id>=<level>` options; the error is a sentence for the person who typed them. */
export function parseRuleLevels(options: readonly string[]): Result<RuleLevels, string> {
  const levels: Record<string, RuleLevels[string]> = {};
  for (const option of options) {
    const [id = '', written = ''] = option.split('=', 2);
    const level = LEVELS.find((each) => each === written);
    if (level === undefined)
      return err(`--rule needs <rule-id>=<level>, the level being ${LEVELS.join(', ')}; "${option}" is not that.`);
    const ids = [...RULES.map((rule) => rule.id), IN_OTHER_FILE];
    if (!ids.includes(id)) {
      const meant = closest(id, ids);
      return err(`There is no rule "${id}"${meant === undefined ? '.' : `; did you mean "${meant}"?`}`);
    }
    levels[id] = level;
  }
  return ok(levels);
}
