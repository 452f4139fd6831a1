import { problem, type Problem } from '../../base/problem';
import { err, type Result } from '../../base/result';
import { plainSecrets } from '../../rules/reading/plainSecrets';
import type { RuleContext } from '../../rules/rule';
import type { Exported, ExportForm } from './exported';

/** What another tool reads, of a file whose secrets are all references: nothing that is exported is secret then. */
export function exportCluster(form: ExportForm, context: RuleContext): Result<Exported, Problem> {
  const written = plainSecrets(context);
  if (written.length === 0) return form.make(context.cluster);
  return err(
    problem('export-plain-secret', 'Secrets stand in the file in plain text, and nothing was exported', {
      details: written.map(({ what, path, name }) => `${what} (${path.join('.')}): write \${secret:${name}}`),
      nextSteps: ['Move them to references: the quick fix of plaintext-secret does it.'],
    }),
  );
}
