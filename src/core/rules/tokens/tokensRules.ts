import type { Rule } from '../rule';
import { agentTokenPartial } from './agentTokenPartial';
import { agentWithoutToken } from './agentWithoutToken';
import { externalDbTokenMissing } from './externalDbTokenMissing';
import { fullTokenFirstServer } from './fullTokenFirstServer';
import { oldVersionTokenEnforcement } from './oldVersionTokenEnforcement';
import { serverUrlWithoutToken } from './serverUrlWithoutToken';
import { tokenAndTokenFile } from './tokenAndTokenFile';
import { tokenDiffers } from './tokenDiffers';
import { tokenNotBackedUp } from './tokenNotBackedUp';
import { tokenUnusable } from './tokenUnusable';
import { tokenWeak } from './tokenWeak';

/** Rules about tokens, the most valuable first. */
export const TOKENS_RULES: readonly Rule[] = [
  externalDbTokenMissing,
  serverUrlWithoutToken,
  tokenDiffers,
  agentWithoutToken,
  fullTokenFirstServer,
  tokenUnusable,
  tokenAndTokenFile,
  agentTokenPartial,
  tokenWeak,
  oldVersionTokenEnforcement,
  tokenNotBackedUp,
];
