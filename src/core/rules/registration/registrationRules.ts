import type { Rule } from '../rule';
import { agentSingleRegistration } from './agentSingleRegistration';
import { endpointNotInTlsSan } from './endpointNotInTlsSan';
import { registrationAddressIsServer } from './registrationAddressIsServer';
import { serverUrlNotHttps } from './serverUrlNotHttps';
import { serverUrlPort } from './serverUrlPort';
import { singleServer } from './singleServer';
import { sqlTwoServersMinimum } from './sqlTwoServersMinimum';

/** Rules about how servers and agents find the cluster, the most valuable first. */
export const REGISTRATION_RULES: readonly Rule[] = [
  endpointNotInTlsSan,
  serverUrlNotHttps,
  serverUrlPort,
  agentSingleRegistration,
  registrationAddressIsServer,
  singleServer,
  sqlTwoServersMinimum,
];
