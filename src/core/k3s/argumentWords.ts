/** The words of a command line such as `INSTALL_K3S_EXEC`, without their quotes. */
export function argumentWords(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''));
}
