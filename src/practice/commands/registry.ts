import { ADDRESS_SIGHT_SCRIPT } from '../../core/remote/addressSight';
import { DROP_ASIDE_SCRIPT, PUT_ASIDE_SCRIPT, PUT_BACK_SCRIPT } from '../../core/remote/aside';
import { BALANCER_CONFIG_SCRIPT } from '../../core/remote/balancerConfig';
import { REMOVE_BALANCER_SCRIPT } from '../../core/remote/balancerRemoval';
import { BALANCER_SERVER_SCRIPT } from '../../core/remote/balancerServer';
import { NGINX_DRAIN_SCRIPT } from '../../core/remote/nginxDrain';
import { CERTIFICATE_DATES_SCRIPT } from '../../core/remote/certificateDates';
import { DROP_NAMES_SCRIPT } from '../../core/remote/dropNames';
import { ROTATE_KEYS_SCRIPT } from '../../core/remote/rotateKeys';
import { ROTATE_TOKEN_SCRIPT } from '../../core/remote/rotateToken';
import { RENEW_CERTIFICATES_SCRIPT } from '../../core/remote/renewCertificates';
import { CA_HASH_SCRIPT } from '../../core/remote/caHash';
import { CLUSTER_MARKS_SCRIPT } from '../../core/remote/clusterMarks';
import { CHANNEL_SCRIPT } from '../../core/remote/channel';
import { DISK_LATENCY_SCRIPT } from '../../core/remote/diskLatency';
import { PORT_DIAL_SCRIPT, PORT_LISTEN_SCRIPT } from '../../core/remote/portMesh';
import { ETCD_MEMBERS_SCRIPT } from '../../core/remote/etcd';
import { ADDRESS_STATE_SCRIPT } from '../../core/remote/addressState';
import { DELETE_MANIFEST_SCRIPT } from '../../core/remote/deleteManifest';
import { MOVE_ADDRESS_SCRIPT } from '../../core/remote/moveAddress';
import { RELEASE_ADDRESS_SCRIPT } from '../../core/remote/releaseAddress';
import { READ_FILE_SCRIPT } from '../../core/remote/file';
import { FILE_SHA256_SCRIPT } from '../../core/remote/fileSha256';
import { REMOVE_UNIT_SCRIPT } from '../../core/remote/removeUnit';
import { REMOVE_PLACED_SCRIPT } from '../../core/remote/removePlaced';
import { UPLOAD_FILE_SCRIPT } from '../../core/remote/upload';
import { K3S_FILES_SCRIPT } from '../../core/remote/k3sFiles';
import { INSTALL_SCRIPT } from '../../core/remote/install';
import { DROP_IMAGE_CACHE_SCRIPT } from '../../core/remote/dropImageCache';
import { NODE_IMAGES_SCRIPT } from '../../core/remote/nodeImages';
import { OPEN_FIREWALL_SCRIPT } from '../../core/remote/openFirewall';
import { NODES_SCRIPT, READYZ_SCRIPT } from '../../core/remote/kubectl';
import { INSTALL_PACKAGES_SCRIPT } from '../../core/remote/packages';
import { RUN_HOOK_SCRIPT } from '../../core/remote/runHook';
import { SAVE_SNAPSHOT_SCRIPT } from '../../core/remote/saveSnapshot';
import { SCRIPT_HASH_SCRIPT } from '../../core/remote/scriptDownload';
import { SERVER_READY_SCRIPT } from '../../core/remote/readiness';
import { NODE_REPORTS_SCRIPT } from '../../core/remote/nodeReports';
import { READ_CLUSTER_LEASE_SCRIPT, WRITE_CLUSTER_LEASE_SCRIPT } from '../../core/remote/clusterLease';
import { RELEASE_LEASE_SCRIPT, TAKE_LEASE_SCRIPT } from '../../core/remote/lease';
import { PROBE_SCRIPT } from '../../core/facts/probe';
import { INSTALLED_VERSION_SCRIPT } from '../../core/remote/installedVersion';
import { WITHDRAW_ROUTE_SCRIPT } from '../../core/remote/withdrawRoute';
import { UNPACK_SCRIPT } from '../../core/remote/unpack';
import { UNIT_CONTROL_SCRIPT, UNIT_STATUS_SCRIPT } from '../../core/remote/unit';
import { PRIVILEGE_SCRIPT, type RemoteScript } from '../../core/remote/remoteCommand';
import {
  addressStateCommand,
  deleteManifestCommand,
  moveAddressCommand,
  releaseAddressCommand,
  withdrawRouteCommand,
} from './address';
import { addressSightCommand } from './addressSight';
import { clusterMarksCommand, k3sFilesCommand } from './adoption';
import { dropAsideCommand, putAsideCommand, putBackCommand } from './aside';
import {
  balancerConfigCommand,
  balancerServerCommand,
  nginxDrainCommand,
  installPackagesCommand,
  removeBalancerCommand,
} from './balancer';
import { certificateDatesCommand, renewCertificatesCommand } from './certificates';
import { channelCommand } from './channel';
import type { Command } from './command';
import { fileSha256Command, readFileCommand, removePlacedCommand, uploadFileCommand } from './files';
import { runHookCommand } from './hooks';
import { dropImageCacheCommand, nodeImagesCommand } from './images';
import { installCommand, installScriptHashCommand } from './install';
import { dropNamesCommand, nodesCommand, readyzCommand } from './kubectl';
import { releaseLeaseCommand, takeLeaseCommand } from './lease';
import { diskLatencyCommand, openFirewallCommand, portDialCommand, portListenCommand } from './hostChecks';
import { nodeReportsCommand, readClusterLeaseCommand, writeClusterLeaseCommand } from './leases';
import { caHashCommand, probeCommand } from './probe';
import { etcdMembersCommand, serverReadyCommand } from './questions';
import { saveSnapshotCommand } from './snapshots';
import { installedVersionCommand, unpackCommand } from './unpack';
import { rotateKeysCommand } from './encryption';
import { rotateTokenCommand } from './tokens';
import { removeUnitCommand, unitControlCommand, unitStatusCommand } from './units';

const privilegeCommand: Command = ({ user, login, out }) => {
  const rule = { nopasswd: 'sudo', password: 'sudo-password', refused: 'sudo-password', none: 'none' }[
    login.sudo ?? 'nopasswd'
  ];
  out(`${user === 'root' ? 'root' : rule}\n`);
  return 0;
};

const COMMANDS: readonly (readonly [RemoteScript, Command])[] = [
  [PRIVILEGE_SCRIPT, privilegeCommand],
  [PROBE_SCRIPT, probeCommand],
  [CA_HASH_SCRIPT, caHashCommand],
  [CERTIFICATE_DATES_SCRIPT, certificateDatesCommand],
  [RENEW_CERTIFICATES_SCRIPT, renewCertificatesCommand],
  [ROTATE_TOKEN_SCRIPT, rotateTokenCommand],
  [ROTATE_KEYS_SCRIPT, rotateKeysCommand],
  [DROP_NAMES_SCRIPT, dropNamesCommand],
  [CLUSTER_MARKS_SCRIPT, clusterMarksCommand],
  [K3S_FILES_SCRIPT, k3sFilesCommand],
  [CHANNEL_SCRIPT, channelCommand],
  [PUT_ASIDE_SCRIPT, putAsideCommand],
  [PUT_BACK_SCRIPT, putBackCommand],
  [DROP_ASIDE_SCRIPT, dropAsideCommand],
  [TAKE_LEASE_SCRIPT, takeLeaseCommand],
  [RELEASE_LEASE_SCRIPT, releaseLeaseCommand],
  [READ_CLUSTER_LEASE_SCRIPT, readClusterLeaseCommand],
  [WRITE_CLUSTER_LEASE_SCRIPT, writeClusterLeaseCommand],
  [UPLOAD_FILE_SCRIPT, uploadFileCommand],
  [REMOVE_PLACED_SCRIPT, removePlacedCommand],
  [FILE_SHA256_SCRIPT, fileSha256Command],
  [READ_FILE_SCRIPT, readFileCommand],
  [SCRIPT_HASH_SCRIPT, installScriptHashCommand],
  [INSTALL_SCRIPT, installCommand],
  [RUN_HOOK_SCRIPT, runHookCommand],
  [UNPACK_SCRIPT, unpackCommand],
  [INSTALLED_VERSION_SCRIPT, installedVersionCommand],
  [UNIT_CONTROL_SCRIPT, unitControlCommand],
  [UNIT_STATUS_SCRIPT, unitStatusCommand],
  [REMOVE_UNIT_SCRIPT, removeUnitCommand],
  [OPEN_FIREWALL_SCRIPT, openFirewallCommand],
  [NODES_SCRIPT, nodesCommand],
  [NODE_IMAGES_SCRIPT, nodeImagesCommand],
  [DROP_IMAGE_CACHE_SCRIPT, dropImageCacheCommand],
  [NODE_REPORTS_SCRIPT, nodeReportsCommand],
  [READYZ_SCRIPT, readyzCommand],
  [ETCD_MEMBERS_SCRIPT, etcdMembersCommand],
  [SERVER_READY_SCRIPT, serverReadyCommand],
  [SAVE_SNAPSHOT_SCRIPT, saveSnapshotCommand],
  [INSTALL_PACKAGES_SCRIPT, installPackagesCommand],
  [BALANCER_CONFIG_SCRIPT, balancerConfigCommand],
  [BALANCER_SERVER_SCRIPT, balancerServerCommand],
  [NGINX_DRAIN_SCRIPT, nginxDrainCommand],
  [REMOVE_BALANCER_SCRIPT, removeBalancerCommand],
  [MOVE_ADDRESS_SCRIPT, moveAddressCommand],
  [WITHDRAW_ROUTE_SCRIPT, withdrawRouteCommand],
  [RELEASE_ADDRESS_SCRIPT, releaseAddressCommand],
  [ADDRESS_STATE_SCRIPT, addressStateCommand],
  [DELETE_MANIFEST_SCRIPT, deleteManifestCommand],
  [PORT_LISTEN_SCRIPT, portListenCommand],
  [PORT_DIAL_SCRIPT, portDialCommand],
  [DISK_LATENCY_SCRIPT, diskLatencyCommand],
  [ADDRESS_SIGHT_SCRIPT, addressSightCommand],
];

const BY_TEXT = new Map(COMMANDS.map(([script, command]) => [script.text, command]));

/** The command that stands for exactly this script. A practice host has no shell, so there is nothing else it could run. */
export function findCommand(scriptText: string): Command | undefined {
  return BY_TEXT.get(scriptText);
}
