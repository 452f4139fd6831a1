/** Ids of parts. They appear in saved view state, so their form must stay. */
export const CLIENTS = 'clients';
export const BALANCER = 'load-balancer';

export const serverPart = (nodeId: string): string => `server:${nodeId}`;
export const memberPart = (nodeId: string): string => `etcd:${nodeId}`;
export const sqlitePart = (nodeId: string): string => `sqlite:${nodeId}`;
export const agentPart = (nodeId: string): string => `agent:${nodeId}`;
export const balancerHostPart = (host: string): string => `balancer-host:${host}`;
export const addressPart = (address: string): string => `address:${address}`;
/** `index`: position of the endpoint in the datastore's list. */
export const datastorePart = (index: number): string => `datastore:${index}`;
export const zonePart = (zone: string): string => `zone:${zone}`;
/** The network between two zones, in the order of the file. */
export const networkPart = (a: string, b: string): string => `network:${a}|${b}`;
/** All agents of one zone; those without a zone form a group of their own. */
export const agentsPart = (zone: string | undefined): string => (zone === undefined ? 'agents' : `agents:${zone}`);
