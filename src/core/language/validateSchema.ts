import { say } from '../base/say';
import type { Path } from '../base/path';

import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { validate, type SchemaError } from '../cluster/generated/validator';
import { missingKey, unknownKey } from './keyProblems';
import type { ProblemText, SchemaProblem } from './schemaProblem';
import { isRecord, ROOT_SCHEMA, schemasAt } from './schemaModel';
import { visibleRange } from './visibleRange';
import {
  describeValue,
  notAllowed,
  outOfRange,
  wrongCount,
  wrongFormat,
  wrongLength,
  wrongType,
} from './valueProblems';

/** Everything that the schema does not allow, from the top of the file to its end; nothing for an empty file. */
export function validateSchema(document: ClusterDocument): SchemaProblem[] {
  const { data } = document;
  if (data === undefined || data === null || validate(withDefaultBranches(data))) return [];
  const problems = (validate.errors ?? []).flatMap((error) => explain(document, error));
  const unique = new Map(problems.map((problem) => [`${problem.range.start}:${problem.message}`, problem]));
  return [...unique.values()].sort((a, b) => a.range.start - b.range.start);
}

/** The validator wants the discriminator written out; the file may leave it to its default. */
function withDefaultBranches(data: unknown): unknown {
  if (!isRecord(data)) return data;
  const filled = Object.entries(ROOT_SCHEMA.properties ?? {}).flatMap(([key, node]) => {
    const value = data[key];
    const { discriminator, defaultBranch } = node['x-k3s'] ?? {};
    return discriminator !== undefined &&
      defaultBranch !== undefined &&
      isRecord(value) &&
      value[discriminator] === undefined
      ? [[key, { ...value, [discriminator]: defaultBranch }] as const]
      : [];
  });
  return filled.length === 0 ? data : { ...data, ...Object.fromEntries(filled) };
}

function explain(document: ClusterDocument, error: SchemaError): SchemaProblem[] {
  const path = toPath(error.instancePath, document.data);
  const place = (text: ProblemText, at: Path = path): SchemaProblem[] => {
    const part = text.part ?? 'value';
    return [{ severity: 'error', ...text, path: at, part, range: visibleRange(document, at, part) }];
  };
  const nodes = schemasAt(path, document.data);
  const subject = describeValue(path, dataAt(document.data, path), textAt(document, path), nodes);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      return place(unknownKey(path, key, document.data), [...path, key]);
    }
    case 'required':
      return place(missingKey(path, String(error.params['missingProperty']), document.data));
    case 'type':
      return place(wrongType(subject, nodes));
    case 'enum':
      return place(
        notAllowed(
          subject,
          nodes.flatMap((node) => node.enum ?? []),
        ),
      );
    case 'discriminator':
      return error.params['error'] === 'mapping'
        ? discriminatorProblem(document, [...path, String(error.params['tag'])]).flatMap((text) =>
            place(text, [...path, String(error.params['tag'])]),
          )
        : [];
    case 'pattern':
      return error.propertyName === undefined
        ? place(wrongFormat(subject, nodes))
        : place(nameProblem(error.propertyName, path, document), [...path, error.propertyName]);
    case 'minimum':
    case 'maximum':
      return place(outOfRange(subject, nodes));
    case 'maxLength':
      return place(wrongLength(subject, error));
    case 'minItems':
    case 'maxItems':
      return place(wrongCount(subject, nodes, error));
    default:
      return [];
  }
}

function discriminatorProblem(document: ClusterDocument, path: Path): ProblemText[] {
  const nodes = schemasAt(path, document.data);
  const value = dataAt(document.data, path);
  const subject = describeValue(path, value, textAt(document, path), nodes);
  return [
    typeof value === 'string'
      ? notAllowed(
          subject,
          nodes.flatMap((node) => node.enum ?? []),
        )
      : wrongType(subject, nodes),
  ];
}

function nameProblem(name: string, path: Path, document: ClusterDocument): ProblemText {
  const hint = schemasAt(path, document.data)[0]?.propertyNames?.['x-k3s']?.patternHint ?? say`a different name`;
  return { code: 'wrong-format', part: 'key', message: say`"${name}" cannot be a name here; it must be ${hint}` };
}

/** A JSON pointer as a path; numbers count as indexes only where the data has a list. */
function toPath(pointer: string, data: unknown): Path {
  const path: (string | number)[] = [];
  let value = data;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  return path;
}

function textAt(document: ClusterDocument, path: Path): string {
  const range = document.rangeOf(path, 'value');
  return range === undefined ? '' : document.text.slice(range.start, range.end);
}
