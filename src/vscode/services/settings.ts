import * as vscode from 'vscode';
import type { RuleLevels } from '../../core/language/control';
import { CHANNELS_URL } from '../../core/k3s/releases';
import { CONFIG_SECTION } from '../ids';

export interface Settings {
  /** Hosts worked on at the same time. */
  readonly parallelHosts: number;
  readonly startTimeoutMs: number;
  /** `default`: KUBECONFIG or ~/.kube/config; `separate`: one file per cluster beside the cluster file. */
  readonly kubeconfigTarget: 'default' | 'separate';
  /** 0.1 makes the practice fleet ten times faster than real hosts. */
  readonly practiceTimeScale: number;
  /** Where releases of K3s are asked for. */
  readonly channelUrl: string;
}

export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration(CONFIG_SECTION);
  const number = (key: string, fallback: number): number => {
    const value = section.get<number>(key, fallback);
    return Number.isFinite(value) && value > 0 ? value : fallback;
  };
  return {
    parallelHosts: number('provision.parallelHosts', 50),
    startTimeoutMs: number('provision.startTimeout', 600) * 1000,
    kubeconfigTarget: section.get<string>('kubeconfig.target') === 'separate' ? 'separate' : 'default',
    practiceTimeScale: number('practice.timeScale', 0.1),
    channelUrl: section.get<string>('releases.channelUrl', CHANNELS_URL),
  };
}

type WrittenLevels = Readonly<Record<string, unknown>>;

const LEVELS = ['error', 'warning', 'info', 'hint', 'off'] as const;

/** How loud the rules are for a file; anything that is no level is passed over. */
export function readRuleLevels(uri: vscode.Uri): RuleLevels {
  const section = vscode.workspace.getConfiguration(CONFIG_SECTION, uri);
  return Object.fromEntries(
    Object.entries(section.get<WrittenLevels>('rules', {})).flatMap(([id, level]) => {
      const known = LEVELS.find((each) => each === level);
      return known === undefined ? [] : [[id, known] as const];
    }),
  );
}
