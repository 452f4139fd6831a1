import type { Command } from '../command';
import { bash } from '../completion/bash';
import { fish } from '../completion/fish';
import { powershell } from '../completion/powershell';
import { completionTable, type CommandRow } from '../completion/table';
import { zsh } from '../completion/zsh';
import { EXIT } from '../exitCodes';
import { printFile } from '../output';

const SHELLS: Readonly<Record<string, (table: readonly CommandRow[]) => string>> = { bash, zsh, fish, powershell };

export const completionCommand: Command = {
  name: 'completion',
  argument: 'SHELL',
  words: Object.keys(SHELLS),
  summary: 'print what makes a shell complete commands, options and cluster files',
  options: {},
  examples: [
    { line: 'k3s-ha completion bash', does: 'for ~/.bashrc, which takes it by: source <(k3s-ha completion bash)' },
    { line: 'k3s-ha completion zsh', does: 'for ~/.zshrc behind compinit, by: source <(k3s-ha completion zsh)' },
    { line: 'k3s-ha completion fish', does: 'for ~/.config/fish/completions/k3s-ha.fish' },
    {
      line: 'k3s-ha completion powershell',
      does: 'for $PROFILE, by: k3s-ha completion powershell | Out-String | Invoke-Expression',
    },
  ],
  run: async ([shell], _options, _signal, all) => {
    printFile(SHELLS[shell]?.(completionTable(all)) ?? '');
    return EXIT.fine;
  },
};
