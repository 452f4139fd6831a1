/**
 * The language that the environment asks for, as editors write it: `zh-cn` of `zh_CN.UTF-8`. The first variable that is set
 * decides: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): string {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return (locale ?? '')
    .replace(/[.@].*/, '')
    .replace('_', '-')
    .toLowerCase();
}

/** What programs read is English, whatever the language of the person: JSON, SARIF and JUnit. */
export function isForPrograms(args: readonly string[]): boolean {
  return /(?:^| )--(?:json|format[= ](?:json|sarif|junit))(?: |$)/u.test(args.join(' '));
}
