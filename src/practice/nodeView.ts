import { readyStatus } from './k3s/nodeObject';
import type { NodeObject } from './k3s/nodeStore';

/** What a Node is now. */
export interface NodeView {
  readonly name: string;
  readonly version: string;
  readonly status: ReturnType<typeof readyStatus>;
  readonly cordoned: boolean;
}

export function viewNode(node: NodeObject): NodeView {
  return {
    name: node.metadata.name,
    version: node.status.nodeInfo['kubeletVersion'] ?? '',
    status: readyStatus(node),
    cordoned: node.spec['unschedulable'] === true,
  };
}
