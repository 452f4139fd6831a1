import { type FileFinding, type Findings, reportPath } from './finding';

/**
 * As Jenkins and GitLab read it: a suite a file, a case a finding; a file without one is a case that passed.
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function junit({ files, findings, failing }: Findings): string {
  const failed = new Set(failing);
  const suites = files.flatMap((file) => {
    const own = findings.filter((found) => found.file === file);
    const name = attribute(reportPath(file));
    const cases =
      own.length === 0
        ? [`    <testcase name="no findings" classname="${name}"/>`]
        : own.flatMap((found) => testCase(found, name, failed.has(found)));
    const counts = `tests="${Math.max(1, own.length)}" failures="${own.filter((found) => failed.has(found)).length}" errors="0" skipped="0"`;
    return [`  <testsuite name="${name}" ${counts}>`, ...cases, '  </testsuite>'];
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="k3s-ha lint">', ...suites, '</testsuites>'].join(
    '\n',
  );
}

function testCase(found: FileFinding, file: string, fails: boolean): string[] {
  const { line, column, severity, id, message } = found;
  const place = `${reportPath(found.file)}:${line}:${column}`;
  const inside = fails
    ? `<failure type="${severity}" message="${attribute(message)}">${attribute(`${place} ${message}`)}</failure>`
    : `<system-out>${attribute(`${place} ${severity}: ${message}`)}</system-out>`;
  return [
    `    <testcase name="${attribute(`${id} (line ${line})`)}" classname="${file}">`,
    `      ${inside}`,
    '    </testcase>',
  ];
}

/** XML has no way to write most control characters at all. https://www.w3.org/TR/xml/#charsets */
function attribute(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')
      .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
