import { createSshHosts } from '../../../../src/adapters/ssh/hosts';
import { uploadFile } from '../../../../src/core/remote/upload';
import { ok } from '../../../../src/core/base/result';
import type { ByteInput } from '../../../../src/core/remote/remoteCommand';
import { agreedDoor } from '../../../support/agreedDoor';
import { byteSource } from '../../../support/byteSource';

/** What the program that this file becomes is told, as JSON in its first argument. */
export interface UploadJob {
  readonly home: string;
  readonly port: number;
  readonly identityFile: string;
  readonly client: 'builtin' | 'openssh';
  readonly path: string;
  readonly bytes: number;
}

/** What it prints when it has ended. */
export interface UploadReport {
  readonly outcome: string;
  readonly sha256: string;
  /** The most memory of the process above what it had before the upload, in bytes. */
  readonly growth: number;
}

const SAMPLE_MS = 10;

async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as UploadJob;
  const quiet = (): void => undefined;
  const hosts = createSshHosts({
    secrets: agreedDoor({ resolve: async (text) => ok(text) }),
    prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
    log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    baseDir: job.home,
    homeDir: job.home,
    env: { PATH: process.env['PATH'], HOME: job.home },
  });
  const upload = (source: ByteInput) =>
    hosts.run(
      {
        id: 'server-1',
        host: '127.0.0.1',
        ssh: { port: job.port, identityFiles: [job.identityFile], client: job.client },
      },
      { ...uploadFile(job.path, '0640', source), sudo: false },
    );
  const source = byteSource(job.bytes);
  await upload(byteSource(job.bytes / 10)); // compiles, connects, and fills every buffer once
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), SAMPLE_MS);
  const outcome = await upload(source);
  clearInterval(timer);
  await hosts.dispose();
  const report: UploadReport = {
    outcome: outcome.kind === 'done' ? 'done' : JSON.stringify(outcome.problem),
    sha256: source.sha256,
    growth: most - before,
  };
  console.log(JSON.stringify(report));
}

void main();
