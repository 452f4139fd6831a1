import fc from 'fast-check';

/** Texts that one YAML reader or another takes for something else. */
export const ADVERSARIAL = [
  ...['0o17', '0B1', '0X1f', '0xFF', '1e3_', '8e_30', '1_000', '_1', '-_1', '0_x1f', '0b+1', '0b-1', '0o-7', '-0b1', '-0o7', '+0x1', '+1', '00', '-0', '089', '0x', '0b2', '1e', '1.', '.5', '.5_0', '._5', '.e3', '1.5e3'],
  ...['12345678901234567890', '1e999', '0xffffffffffffffffff', '1:30', '190:20:30', '.inf', '-.Inf', '+.INF', '.NaN', '.nAn', '~', 'null', 'Null', 'nUll', '', 'y', 'N', 'yes', 'Off', 'ON', 'TRUE', 'tRue', '<<', '='],
  ...['2001-1-1', '2001-01-01 00:00:00', '2001-1-1T1:2:3Z', '2001-1-1t1:2:3.5+01:00', '2001-13-45', '2001-1'],
  ...['a\u2028b', 'a\u2029b', 'a\u0085b', '\ufeffa', 'a\ufeff', '\x7f', '\x80', '\x1b[31m', '\ufffe', 'a\u00a0b', 'é', '😀'],
  ...['a\t', '\ta', 'a\tb', '\n\ta', '\ta\nb', 'a\nb', 'a\n', '\na', 'a\n\n', 'a\r\nb', 'a\rb', 'a\n b', '  a\n b', 'a\n \n', 'a \nb', ' a', 'a ', `${'x'.repeat(90)}\n${'y'.repeat(90)}`],
  ...['- ', '-', '- a', '? a', '?', ': a', 'a: b', 'a:', 'a #b', '#a', '|', '>', 'a"b', "a'b", `a"'b`, '%a', '@a', '`a', '&a', '*a', '!a', '!!int 1', '[a]', '{a}', 'a,b', '---', '...', '--- a', '\\', '\\n'],
] as const;

const CHARACTERS = [...'0123456789_+-.eExXoObBaAfFnNyY~:# \t\n\r"\'\\,[]{}&*!|>%@`?=<T/zZ', '\u2028', '\u0085', '\ufeff'];

/** Random texts, most of them near to what YAML readers disagree about. */
export function adversarialText(): fc.Arbitrary<string> {
  const word = fc.constantFrom(...ADVERSARIAL);
  return fc.oneof(
    word,
    fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.tuple(word, fc.constantFrom('', '_', ' ', '\n', '\t', '\u2029'), word).map((parts) => parts.join('')),
  );
}
