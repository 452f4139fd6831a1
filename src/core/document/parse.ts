import { finish, type Steps } from '../base/steps';
import type { ClusterDocument } from './clusterDocument';
import { pathAt, rangeOf } from './locate';
import { MAX_PROBLEMS, readYamlInSteps, TOO_LONG } from './readYaml';
import { readChange } from './readChange';
import type { Reading } from './reading';
import { toData, type TreeNode } from './tree';

/** Longest text that is read at all. A cluster of 1,000 hosts written out needs about 100,000 characters. */
const MAX_LENGTH = 1_000_000;

const readings = new WeakMap<ClusterDocument, Reading>();

/**
 * Reads a cluster file. Never throws: whatever cannot be read is a located problem, and the rest is still there.
 *
 * @param previous an earlier state of the same file. Only what has changed since is read again where that is certain to
 * give the same; parts of the data that have not changed are the same objects in both documents.
 */
export function parseDocument(text: string, previous?: ClusterDocument): ClusterDocument {
  return finish(parseInSteps(text, previous));
}

/** {@link parseDocument} in slices, for a long file that is opened. */
export function* parseInSteps(text: string, previous?: ClusterDocument): Steps<ClusterDocument> {
  const before = previous === undefined ? undefined : readings.get(previous);
  if (previous !== undefined && before?.text === text) return previous;
  const changed = before === undefined || text.length > MAX_LENGTH ? undefined : readChange(before, text);
  return describe(changed ?? (yield* readWhole(text)));
}

/** Whether a text was not read to its end because it is so long. */
export function isTooLong({ text, syntaxProblems }: ClusterDocument): boolean {
  return text.length > MAX_LENGTH || syntaxProblems.some(({ message }) => message === TOO_LONG);
}

/** The tree behind a document of {@link parseDocument}. */
export function treeOf(document: ClusterDocument): TreeNode | undefined {
  const known = readings.get(document) ?? readings.get(parseDocument(document.text));
  return known?.root;
}

function* readWhole(text: string): Steps<Reading> {
  if (text.length > MAX_LENGTH) {
    const size = (text.length / 1_000_000).toFixed(1);
    const message = `This file has ${size} million characters; a cluster file of more than one million is not read. Keep images and certificates in files of their own`;
    return {
      text,
      root: undefined,
      data: undefined,
      problems: [{ message, range: { start: 0, end: firstLineEnd(text) } }],
      anchors: new Map(),
      shared: new Map(),
      aliased: 0,
      tokens: 0,
      regular: false,
    };
  }
  // The parser counts a byte order mark as a column; an empty line takes as much room.
  const read = yield* readYamlInSteps(text.replace(/^\uFEFF/, '\n'));
  yield;
  const seen = new Map<TreeNode, unknown>();
  const data = toData(read.root, seen);
  const shared = new Map(
    [...read.anchors.values()].flatMap(({ node }) => (node === undefined ? [] : [[node, seen.get(node)] as const])),
  );
  return {
    ...read,
    text,
    data,
    shared,
    problems: read.problems.slice(0, MAX_PROBLEMS),
    regular: read.regular && read.problems.length <= MAX_PROBLEMS,
  };
}

function firstLineEnd(text: string): number {
  const end = text.search(/[\r\n]/);
  return Math.min(end < 0 ? text.length : end, 200);
}

function describe(reading: Reading): ClusterDocument {
  const { text, root, data, problems } = reading;
  const document: ClusterDocument = {
    text,
    data,
    syntaxProblems: problems,
    rangeOf: (path, part) => rangeOf(root, path, part),
    pathAt: (offset) => (root === undefined ? undefined : pathAt(root, offset)),
  };
  readings.set(document, reading);
  return document;
}
