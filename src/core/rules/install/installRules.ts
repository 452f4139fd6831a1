import type { Rule } from '../rule';
import { airgapArtifactMissing } from './airgapArtifactMissing';
import { airgapVersionIgnored } from './airgapVersionIgnored';
import { binaryUploadIgnored } from './binaryUploadIgnored';
import { mirrorIgnored } from './mirrorIgnored';
import { mirrorNoRegistry } from './mirrorNoRegistry';
import { scriptHostRetired } from './scriptHostRetired';
import { scriptPlainHttp } from './scriptPlainHttp';
import { valueNotSendable } from './valueNotSendable';

/** Rules about how K3s gets onto the hosts, the most valuable first. */
export const INSTALL_RULES: readonly Rule[] = [
  valueNotSendable,
  airgapArtifactMissing,
  scriptPlainHttp,
  scriptHostRetired,
  binaryUploadIgnored,
  mirrorIgnored,
  airgapVersionIgnored,
  mirrorNoRegistry,
];
