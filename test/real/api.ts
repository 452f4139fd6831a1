import { accessOf, askApi, type Access } from '../support/kubeAccess';

const PATIENCE_MS = 10_000;

/** A node as the API shows it. */
export interface SeenNode {
  readonly name: string;
  readonly ready: boolean;
  readonly version: string;
  readonly cordoned: boolean;
}

/** The API through the kubeconfig that a user has. */
export interface Api {
  readonly kubeconfig: string;
  readonly access: Access;
  nodes(): Promise<readonly SeenNode[]>;
  /** gitVersion of the server that answers. */
  version(): Promise<string>;
}

export function apiOf(kubeconfig: string): Api {
  const access = accessOf(kubeconfig);
  const get = async (path: string): Promise<unknown> => {
    const { status, body } = await askApi(access, path, PATIENCE_MS);
    if (status !== 200) throw new Error(`${access.server.host} answers ${path} with status ${status}`);
    return JSON.parse(body);
  };
  return {
    kubeconfig,
    access,
    nodes: async () => ((await get('/api/v1/nodes')) as NodeList).items.map(seenNode),
    version: async () => ((await get('/version')) as { gitVersion: string }).gitVersion,
  };
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec?: { readonly unschedulable?: boolean };
    readonly status?: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly nodeInfo?: { readonly kubeletVersion?: string };
    };
  }[];
}

function seenNode({ metadata, spec = {}, status = {} }: NodeList['items'][number]): SeenNode {
  return {
    name: metadata.name,
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    version: status.nodeInfo?.kubeletVersion ?? '',
    cordoned: spec.unschedulable === true,
  };
}
