import { later, say } from '../../base/say';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const kubeconfigModeUnquoted = defineRule({
  id: 'kubeconfig-mode-unquoted',
  severity: 'error',
  title: later`write-kubeconfig-mode needs quotes`,
  rationale: `K3s reads its configuration as YAML 1.1, where a number with a leading zero is octal: \`0644\` becomes 420, and 420 read as a file mode again is 0420, which takes the owner the right to write and gives the group the right to change the admin's kubeconfig. In quotes the digits stay what they are.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) =>
    writtenOptions(context)
      .filter(({ name }) => name === 'write-kubeconfig-mode')
      .flatMap(({ path }) => {
        const digits = unquotedOctal(context, path);
        if (digits === undefined) return [];
        const misread = Number.parseInt(digits, 8).toString(10);
        const effect = /[89]/.test(misread)
          ? say`cannot set that as the mode of the admin kubeconfig`
          : say`gives the admin kubeconfig the mode ${misread.padStart(4, '0')}`;
        return [
          {
            ...firstPlace(context.document, value(path)),
            message: say`Without quotes K3s reads ${digits} as the number ${misread} and ${effect} instead of ${digits}.`,
          },
        ];
      }),
  fix: (context, finding) => {
    const range = context.document.rangeOf(finding.path, 'value');
    const digits = unquotedOctal(context, finding.path);
    if (range === undefined || digits === undefined) return [];
    return [{ title: say`Write "${digits}" in quotes`, edits: [{ range, newText: `"${digits}"` }], safe: true }];
  },
});

/** The digits as written when they are a bare number with a leading zero. */
function unquotedOctal({ document }: RuleContext, path: readonly (string | number)[]): string | undefined {
  const range = document.rangeOf(path, 'value');
  const written = range === undefined ? '' : document.text.slice(range.start, range.end);
  return /^0[0-7]{1,4}$/.test(written) ? written : undefined;
}
