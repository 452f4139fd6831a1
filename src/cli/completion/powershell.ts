import { firstWords, type CommandRow } from './table';

/** For `k3s-ha completion powershell | Out-String | Invoke-Expression`; what it does not know is left to the shell, which completes files. */
export function powershell(table: readonly CommandRow[]): string {
  const options = table.map(
    ({ name, options: own }) => `    ${q(name.join(' '))} = ${list(own.flatMap(({ names }) => names))}`,
  );
  const values = new Map(
    table.flatMap(({ options: own }) =>
      own.flatMap(({ names, value }) => (value === undefined ? [] : names.map((each) => [each, value.words] as const))),
    ),
  );
  const next = new Map<string, string[]>([['', [...firstWords(table).keys()]]]);
  for (const {
    name: [first = '', second],
    words,
  } of table) {
    if (second !== undefined) next.set(first, [...(next.get(first) ?? []), second]);
    if (words.length > 0) next.set(first, [...words]);
  }
  return `# PowerShell completion for k3s-ha: k3s-ha completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName k3s-ha, k3s-ha.cmd -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $options = @{
${options.join('\n')}
  }
  $values = @{
${[...values].map(([name, words]) => `    ${q(name)} = ${list(words)}`).join('\n')}
  }
  $next = @{
${[...next].map(([name, words]) => `    ${q(name)} = ${list(words)}`).join('\n')}
  }
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $words = @()
  $skip = $false
  foreach ($word in $before) {
    if ($skip) { $skip = $false; continue }
    if ($values.ContainsKey($word)) { $skip = $true; continue }
    if ($word -like '-*' -or $word -eq 'help') { continue }
    $words += $word
  }
  $command = if ($words.Count -gt 1 -and $options.ContainsKey("$($words[0]) $($words[1])")) { "$($words[0]) $($words[1])" } elseif ($words.Count -gt 0) { $words[0] } else { '' }
  $offered = if ($skip) { $values[$before[-1]] }
    elseif ($wordToComplete -like '-*') { if ($options.ContainsKey($command)) { $options[$command] } else { @('--help', '--version') } }
    elseif ($words.Count -eq 0) { $next[''] }
    elseif ($words.Count -eq 1) { $next[$words[0]] }
  $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(q).join(', ')})`;
}

function q(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
