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
import { CORDON_SCRIPT, UNCORDON_SCRIPT } from '../../core/remote/cordon';
import { DISK_LATENCY_SCRIPT } from '../../core/remote/diskLatency';
import { RESOLVE_NAMES_SCRIPT } from '../../core/remote/resolveNames';
import { DESCRIBE_NODE_SCRIPT } from '../../core/remote/describeNode';
import { JOURNAL_SCRIPT } from '../../core/remote/journal';
import { BOOT_ID_SCRIPT, END_REBOOT_SCRIPT, REBOOT_SCRIPT } from '../../core/remote/reboot';
import { RUN_COMMAND_SCRIPT } from '../../core/remote/runCommand';
import { SET_SCHEDULABLE_SCRIPT } from '../../core/remote/schedulable';
import { BRING_BACK_SCRIPT, TAKE_AWAY_SCRIPT } from '../../core/remote/drill';
import { POD_DNS_SCRIPT } from '../../core/remote/podDns';
import { DRAIN_SCRIPT } from '../../core/remote/drain';
import { NODE_SETTLED_SCRIPT } from '../../core/remote/nodeSettled';
import { MARK_NODE_SCRIPT } from '../../core/remote/markNode';
import { TUNNELS_SCRIPT } from '../../core/remote/tunnels';
import { PODS_SCRIPT } from '../../core/remote/pods';
import { PORT_DIAL_SCRIPT, PORT_FREE_SCRIPT, PORT_LISTEN_SCRIPT } from '../../core/remote/portMesh';
import { ETCD_MEMBERS_SCRIPT } from '../../core/remote/etcd';
import { ADDRESS_STATE_SCRIPT } from '../../core/remote/addressState';
import { DELETE_NODE_SCRIPT } from '../../core/remote/deleteNode';
import { FORGET_NODES_SCRIPT } from '../../core/remote/forgetNodes';
import { DELETE_MANIFEST_SCRIPT } from '../../core/remote/deleteManifest';
import { MOVE_ADDRESS_SCRIPT } from '../../core/remote/moveAddress';
import { RELEASE_ADDRESS_SCRIPT } from '../../core/remote/releaseAddress';
import { READ_FILE_SCRIPT } from '../../core/remote/file';
import { DISCARD_FILE_SCRIPT } from '../../core/remote/discardFile';
import { FILE_SHA256_SCRIPT } from '../../core/remote/fileSha256';
import { REMOVE_UNIT_SCRIPT } from '../../core/remote/removeUnit';
import { REMOVE_PLACED_SCRIPT } from '../../core/remote/removePlaced';
import { UPLOAD_FILE_SCRIPT } from '../../core/remote/upload';
import { K3S_FILES_SCRIPT } from '../../core/remote/k3sFiles';
import { INSTALL_SCRIPT } from '../../core/remote/install';
import { DROP_ETCD_SCRIPT } from '../../core/remote/dropEtcd';
import { DROP_IMAGE_CACHE_SCRIPT } from '../../core/remote/dropImageCache';
import { NODE_IMAGES_SCRIPT } from '../../core/remote/nodeImages';
import { DROP_OLD_DATA_SCRIPT } from '../../core/remote/oldData';
import { OPEN_FIREWALL_SCRIPT } from '../../core/remote/openFirewall';
import { NODES_SCRIPT, READYZ_SCRIPT } from '../../core/remote/kubectl';
import { INSTALL_PACKAGES_SCRIPT } from '../../core/remote/packages';
import { REMOVE_MEMBER_SCRIPT } from '../../core/remote/removeMember';
import { RUN_HOOK_SCRIPT } from '../../core/remote/runHook';
import { SAVE_SNAPSHOT_SCRIPT } from '../../core/remote/saveSnapshot';
import { STOP_K3S_SCRIPT } from '../../core/remote/stopK3s';
import { UNINSTALL_K3S_SCRIPT } from '../../core/remote/uninstallK3s';
import { RESET_CLUSTER_SCRIPT } from '../../core/remote/clusterReset';
import { COPY_SURVIVOR_SCRIPT } from '../../core/remote/copySurvivor';
import { END_RESTORE_SCRIPT, PUT_DATA_ASIDE_SCRIPT } from '../../core/remote/dataAside';
import { DELETE_SNAPSHOT_SCRIPT } from '../../core/remote/deleteSnapshot';
import { HALT_SERVER_SCRIPT } from '../../core/remote/haltServer';
import { LIST_SNAPSHOTS_SCRIPT } from '../../core/remote/listSnapshots';
import { PROVE_SNAPSHOT_SCRIPT } from '../../core/remote/proveSnapshot';
import { CLUSTER_AGE_SCRIPT, ETCD_HASH_SCRIPT } from '../../core/remote/restoreProof';
import { SEND_FILE_SCRIPT } from '../../core/remote/sendFile';
import { SCRIPT_HASH_SCRIPT } from '../../core/remote/scriptDownload';
import { SERVER_READY_SCRIPT } from '../../core/remote/readiness';
import { NODE_REPORTS_SCRIPT } from '../../core/remote/nodeReports';
import { READ_CLUSTER_LEASE_SCRIPT, WRITE_CLUSTER_LEASE_SCRIPT } from '../../core/remote/clusterLease';
import { RELEASE_LEASE_SCRIPT, TAKE_LEASE_SCRIPT } from '../../core/remote/lease';
import { KEEP_RUN_RECORD_SCRIPT, READ_RUN_RECORDS_SCRIPT } from '../../core/remote/runRecords';
import { PROBE_SCRIPT } from '../../core/facts/probe';
import { INSTALLED_VERSION_SCRIPT } from '../../core/remote/installedVersion';
import { WITHDRAW_ROUTE_SCRIPT } from '../../core/remote/withdrawRoute';
import { UNPACK_SCRIPT } from '../../core/remote/unpack';
import { UNIT_CONTROL_SCRIPT, UNIT_STATUS_SCRIPT } from '../../core/remote/unit';
import { PRIVILEGE_SCRIPT, type RemoteScript } from '../../core/remote/remoteCommand';
import { bringBackCommand, podDnsCommand, takeAwayCommand } from './drill';
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
import {
  cordonCommand,
  drainCommand,
  nodeSettledCommand,
  podsCommand,
  setSchedulableCommand,
  uncordonCommand,
} from './drain';
import { describeNodeCommand } from './describe';
import { markNodeCommand } from './marks';
import { tunnelsCommand } from './tunnels';
import { journalCommand } from './journal';
import { bootIdCommand, endRebootCommand, rebootCommand } from './reboot';
import { runCommandCommand } from './typed';
import {
  discardFileCommand,
  fileSha256Command,
  readFileCommand,
  removePlacedCommand,
  uploadFileCommand,
} from './files';
import { runHookCommand } from './hooks';
import { dropImageCacheCommand, nodeImagesCommand } from './images';
import { installCommand, installScriptHashCommand } from './install';
import { dropNamesCommand, nodesCommand, readyzCommand } from './kubectl';
import { releaseLeaseCommand, takeLeaseCommand } from './lease';
import { keepRunRecordCommand, readRunRecordsCommand } from './runRecords';
import {
  diskLatencyCommand,
  openFirewallCommand,
  portDialCommand,
  portFreeCommand,
  portListenCommand,
  resolveNamesCommand,
} from './hostChecks';
import { nodeReportsCommand, readClusterLeaseCommand, writeClusterLeaseCommand } from './leases';
import { caHashCommand, probeCommand } from './probe';
import { etcdMembersCommand, serverReadyCommand } from './questions';
import {
  clusterAgeCommand,
  copySurvivorCommand,
  endRestoreCommand,
  etcdHashCommand,
  haltServerCommand,
  putDataAsideCommand,
  resetClusterCommand,
} from './restore';
import {
  deleteSnapshotCommand,
  listSnapshotsCommand,
  proveSnapshotCommand,
  saveSnapshotCommand,
  sendFileCommand,
} from './snapshots';
import {
  deleteNodeCommand,
  forgetNodesCommand,
  dropEtcdCommand,
  removeMemberCommand,
  stopK3sCommand,
  uninstallK3sCommand,
} from './removal';
import { dropOldDataCommand, installedVersionCommand, unpackCommand } from './unpack';
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
  [KEEP_RUN_RECORD_SCRIPT, keepRunRecordCommand],
  [READ_RUN_RECORDS_SCRIPT, readRunRecordsCommand],
  [READ_CLUSTER_LEASE_SCRIPT, readClusterLeaseCommand],
  [WRITE_CLUSTER_LEASE_SCRIPT, writeClusterLeaseCommand],
  [UPLOAD_FILE_SCRIPT, uploadFileCommand],
  [REMOVE_PLACED_SCRIPT, removePlacedCommand],
  [FILE_SHA256_SCRIPT, fileSha256Command],
  [DISCARD_FILE_SCRIPT, discardFileCommand],
  [READ_FILE_SCRIPT, readFileCommand],
  [SCRIPT_HASH_SCRIPT, installScriptHashCommand],
  [INSTALL_SCRIPT, installCommand],
  [RUN_HOOK_SCRIPT, runHookCommand],
  [UNPACK_SCRIPT, unpackCommand],
  [INSTALLED_VERSION_SCRIPT, installedVersionCommand],
  [UNIT_CONTROL_SCRIPT, unitControlCommand],
  [UNIT_STATUS_SCRIPT, unitStatusCommand],
  [REMOVE_UNIT_SCRIPT, removeUnitCommand],
  [STOP_K3S_SCRIPT, stopK3sCommand],
  [UNINSTALL_K3S_SCRIPT, uninstallK3sCommand],
  [DELETE_NODE_SCRIPT, deleteNodeCommand],
  [FORGET_NODES_SCRIPT, forgetNodesCommand],
  [REMOVE_MEMBER_SCRIPT, removeMemberCommand],
  [DROP_ETCD_SCRIPT, dropEtcdCommand],
  [OPEN_FIREWALL_SCRIPT, openFirewallCommand],
  [NODES_SCRIPT, nodesCommand],
  [PODS_SCRIPT, podsCommand],
  [DROP_OLD_DATA_SCRIPT, dropOldDataCommand],
  [NODE_SETTLED_SCRIPT, nodeSettledCommand],
  [CORDON_SCRIPT, cordonCommand],
  [DRAIN_SCRIPT, drainCommand],
  [TAKE_AWAY_SCRIPT, takeAwayCommand],
  [BRING_BACK_SCRIPT, bringBackCommand],
  [POD_DNS_SCRIPT, podDnsCommand],
  [SET_SCHEDULABLE_SCRIPT, setSchedulableCommand],
  [MARK_NODE_SCRIPT, markNodeCommand],
  [TUNNELS_SCRIPT, tunnelsCommand],
  [REBOOT_SCRIPT, rebootCommand],
  [BOOT_ID_SCRIPT, bootIdCommand],
  [END_REBOOT_SCRIPT, endRebootCommand],
  [DESCRIBE_NODE_SCRIPT, describeNodeCommand],
  [JOURNAL_SCRIPT, journalCommand],
  [RUN_COMMAND_SCRIPT, runCommandCommand],
  [UNCORDON_SCRIPT, uncordonCommand],
  [NODE_IMAGES_SCRIPT, nodeImagesCommand],
  [DROP_IMAGE_CACHE_SCRIPT, dropImageCacheCommand],
  [NODE_REPORTS_SCRIPT, nodeReportsCommand],
  [READYZ_SCRIPT, readyzCommand],
  [ETCD_MEMBERS_SCRIPT, etcdMembersCommand],
  [SERVER_READY_SCRIPT, serverReadyCommand],
  [SAVE_SNAPSHOT_SCRIPT, saveSnapshotCommand],
  [SEND_FILE_SCRIPT, sendFileCommand],
  [PROVE_SNAPSHOT_SCRIPT, proveSnapshotCommand],
  [LIST_SNAPSHOTS_SCRIPT, listSnapshotsCommand],
  [DELETE_SNAPSHOT_SCRIPT, deleteSnapshotCommand],
  [HALT_SERVER_SCRIPT, haltServerCommand],
  [COPY_SURVIVOR_SCRIPT, copySurvivorCommand],
  [PUT_DATA_ASIDE_SCRIPT, putDataAsideCommand],
  [RESET_CLUSTER_SCRIPT, resetClusterCommand],
  [END_RESTORE_SCRIPT, endRestoreCommand],
  [ETCD_HASH_SCRIPT, etcdHashCommand],
  [CLUSTER_AGE_SCRIPT, clusterAgeCommand],
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
  [PORT_FREE_SCRIPT, portFreeCommand],
  [DISK_LATENCY_SCRIPT, diskLatencyCommand],
  [RESOLVE_NAMES_SCRIPT, resolveNamesCommand],
  [ADDRESS_SIGHT_SCRIPT, addressSightCommand],
];

const BY_TEXT = new Map(COMMANDS.map(([script, command]) => [script.text, command]));

/** The command that stands for exactly this script. A practice host has no shell, so there is nothing else it could run. */
export function findCommand(scriptText: string): Command | undefined {
  return BY_TEXT.get(scriptText);
}
