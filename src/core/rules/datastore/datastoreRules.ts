import type { Rule } from '../rule';
import { clusterInitIgnored } from './clusterInitIgnored';
import { datastoreCertWithoutKey } from './datastoreCertWithoutKey';
import { datastoreEndpointDiffers } from './datastoreEndpointDiffers';
import { datastoreEndpointUnreadable } from './datastoreEndpointUnreadable';
import { datastoreGalera } from './datastoreGalera';
import { datastoreOnLocalhost } from './datastoreOnLocalhost';
import { datastorePgbouncer } from './datastorePgbouncer';
import { datastorePlainHttpEtcd } from './datastorePlainHttpEtcd';
import { datastoreSchemeUnknown } from './datastoreSchemeUnknown';
import { datastoreSinglePoint } from './datastoreSinglePoint';
import { etcdEndpointMixed } from './etcdEndpointMixed';
import { externalEtcdEven } from './externalEtcdEven';
import { externalEtcdStacked } from './externalEtcdStacked';
import { kineRevisionLimit } from './kineRevisionLimit';
import { mysql1071 } from './mysql1071';
import { mysqlEndpointMissingTcp } from './mysqlEndpointMissingTcp';
import { mysqlEndpointNoDatabaseSlash } from './mysqlEndpointNoDatabaseSlash';
import { mysqlEndpointPercentEncoded } from './mysqlEndpointPercentEncoded';
import { mysqlEndpointUnclosedParen } from './mysqlEndpointUnclosedParen';
import { mysqlTlsParam } from './mysqlTlsParam';
import { postgresEndpointUnencoded } from './postgresEndpointUnencoded';
import { sqliteWithSeveralServers } from './sqliteWithSeveralServers';

/** Rules about the datastore and its endpoint, the most valuable first. */
export const DATASTORE_RULES: readonly Rule[] = [
  mysqlEndpointMissingTcp,
  mysqlEndpointNoDatabaseSlash,
  mysqlEndpointUnclosedParen,
  postgresEndpointUnencoded,
  etcdEndpointMixed,
  datastoreSchemeUnknown,
  sqliteWithSeveralServers,
  clusterInitIgnored,
  datastoreEndpointDiffers,
  datastoreEndpointUnreadable,
  datastoreOnLocalhost,
  datastoreCertWithoutKey,
  mysqlEndpointPercentEncoded,
  datastoreSinglePoint,
  externalEtcdEven,
  mysql1071,
  datastoreGalera,
  datastorePgbouncer,
  mysqlTlsParam,
  datastorePlainHttpEtcd,
  kineRevisionLimit,
  externalEtcdStacked,
];
