/** One simple command of a shell text: its words without quotes. Nothing is ever run or expanded. */
export type ShellCommand = readonly string[];

/** Characters that web pages put where a shell wants others. */
const TYPOGRAPHY: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a]/g, "'"],
  [/[\u201c\u201d\u201e]/g, '"'],
  [/[\u00a0\u2007\u202f]/g, ' '],
  [/[\u2013\u2014]+(?=[a-z])/g, '--'],
  [/&quot;/g, '"'],
  [/&#39;|&apos;/g, "'"],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&amp;/g, '&'],
];

/**
 * Splits text as copied from a web page into simple commands: at line ends, `;`, `&&`, `||` and pipes; prompts and comments
 * go, continued lines are joined. Text that is no shell gives words, too; the reader decides what it knows.
 */
export function shellCommands(pasted: string): ShellCommand[] {
  let text = pasted.replace(/\r\n?/g, '\n').replace(/\\[ \t]*\n[ \t]*/g, ' ');
  for (const [from, to] of TYPOGRAPHY) text = text.replace(from, to);
  return text
    .split('\n')
    .flatMap((line) => splitLine(line.replace(/^\s*(?:[$#>] |\[[^\]]*\][$#] |[\w.-]+@[\w.-]+:[^$#]*[$#] )/, '')));
}

function splitLine(line: string): ShellCommand[] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let i = 0; i < line.length; i += 1) {
    const c = line.charAt(i);
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && /["\\$`]/.test(line.charAt(i + 1)))
        word = (word ?? '') + line.charAt((i += 1));
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === '\\') word = (word ?? '') + line.charAt((i += 1));
    else if (/\s/.test(c)) endWord();
    else if (c === '#' && word === undefined) break;
    else if (c === ';' || c === '|' || c === '&') endCommand();
    else word = (word ?? '') + c;
  }
  endCommand();
  return commands;
}
