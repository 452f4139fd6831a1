import { cloudInit } from './cloudInit';
import type { ExportForm } from './exported';
import { k3sAnsible } from './k3sAnsible';
import { systemUpgradeController } from './systemUpgradeController';

/** Every form that a cluster file can be exported to. */
export const EXPORT_FORMS: readonly ExportForm[] = [k3sAnsible, cloudInit, systemUpgradeController];
