import type { Rule } from '../rule';
import { agentSingleRegistration } from './agentSingleRegistration';
import { agentWithoutServer } from './agentWithoutServer';
import { disableApiserverLbWithSingle } from './disableApiserverLbWithSingle';
import { endpointNotInTlsSan } from './endpointNotInTlsSan';
import { noInitialServer } from './noInitialServer';
import { portMismatch } from './portMismatch';
import { registrationAddressIsServer } from './registrationAddressIsServer';
import { serverUrlNotHttps } from './serverUrlNotHttps';
import { serverUrlPort } from './serverUrlPort';
import { serverUrlSelf } from './serverUrlSelf';
import { singleServer } from './singleServer';
import { sqlTwoServersMinimum } from './sqlTwoServersMinimum';
import { tlsSanForm } from './tlsSanForm';

/** Rules about how servers and agents find the cluster, the most valuable first. */
export const REGISTRATION_RULES: readonly Rule[] = [
  endpointNotInTlsSan,
  tlsSanForm,
  noInitialServer,
  agentWithoutServer,
  serverUrlNotHttps,
  serverUrlSelf,
  portMismatch,
  serverUrlPort,
  agentSingleRegistration,
  registrationAddressIsServer,
  disableApiserverLbWithSingle,
  singleServer,
  sqlTwoServersMinimum,
];
