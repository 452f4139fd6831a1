/** The words of an argument that holds several, such as `INSTALL_K3S_EXEC`: quotes go, nothing is expanded. */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    const next = text.charAt(i + 1);
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && /["\\$`]/.test(next)) word = `${word ?? ''}${text.charAt((i += 1))}`;
      else word = `${word ?? ''}${c}`;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === '\\') {
      i += 1;
      if (!/\s/.test(next)) word = `${word ?? ''}${next}`;
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${c}`;
  }
  return word === undefined ? words : [...words, word];
}
