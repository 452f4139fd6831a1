import type { ClusterNode } from '../../cluster/cluster';
import { writtenText } from '../../cluster/written';

/** Interfaces of Tailscale, WireGuard, ZeroTier, Nebula, NetBird, Netmaker and of other tunnels. */
const VPN_INTERFACE = /^(?:tailscale|ts|wg|zt|nebula|wt|nb-|netmaker|nm-|tun|tap|utun|ipsec|vpn)/i;

/** Whether K3s itself puts the node into a VPN. */
export function joinsVpn(node: ClusterNode): boolean {
  return writtenText(node, 'vpn-auth') !== undefined || writtenText(node, 'vpn-auth-file') !== undefined;
}

/** Whether the node talks to the others inside of a VPN: K3s takes its address from `flannel-iface`. */
export function talksThroughVpn(node: ClusterNode): boolean {
  return joinsVpn(node) || VPN_INTERFACE.test(writtenText(node, 'flannel-iface') ?? '');
}
