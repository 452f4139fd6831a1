import type { Extract } from 'tar-stream';

/** Gives an archive to its reader as fast as it reads. Its own errors are those of the reader, too. */
export async function feed(pieces: AsyncIterable<Uint8Array>, stream: Extract): Promise<void> {
  try {
    for await (const piece of pieces) {
      if (stream.destroying) return;
      if (!stream.write(piece)) await drained(stream);
    }
    stream.end(undefined);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function drained(stream: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
    if (stream.destroyed) done();
  });
}
