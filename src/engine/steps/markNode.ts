import { say } from '../../core/base/say';
import { markNode as mark, type Marks } from '../../core/remote/markNode';
import { askServers } from '../hosts/askServers';
import type { NodeWork } from './cordon';
import { defineStep, ended } from './step';

/** Gives a Node labels and taints that the file has and the Node has not; what it has beside them stays. */
export const markNode = defineStep<NodeWork & Marks>({
  kind: 'mark-node',
  phase: 'change',
  estimateMs: 500,
  says: ({ labels, taints }) => ({
    title: say`Give its Node ${[...labels.map((text) => say`the label ${text}`), ...taints.map((text) => say`the taint ${text}`)].join(', ')}`,
    doing: say`labelling`,
    counted: say`label`,
  }),
  subject: ({ name }) => name,
  run: async ({ name, through, labels, taints }, at) =>
    ended(await askServers(through, mark(name, { labels, taints }), at)),
});
