import type { Rule } from '../rule';
import { clusterInitIgnored } from './clusterInitIgnored';
import { datastoreOnLocalhost } from './datastoreOnLocalhost';
import { datastoreSchemeUnknown } from './datastoreSchemeUnknown';
import { mysqlEndpointMissingTcp } from './mysqlEndpointMissingTcp';
import { mysqlEndpointNoDatabaseSlash } from './mysqlEndpointNoDatabaseSlash';
import { sqliteWithSeveralServers } from './sqliteWithSeveralServers';

/** Rules about the datastore and its endpoint, the most valuable first. */
export const DATASTORE_RULES: readonly Rule[] = [
  mysqlEndpointMissingTcp,
  mysqlEndpointNoDatabaseSlash,
  datastoreSchemeUnknown,
  sqliteWithSeveralServers,
  clusterInitIgnored,
  datastoreOnLocalhost,
];
