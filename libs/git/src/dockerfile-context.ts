import { PassThrough, type Readable } from 'node:stream';
import { pack } from 'tar-stream';

/** Streams a build context, as a tar, of nothing but a Dockerfile. */
export function dockerfileContext(dockerfile: string): Readable {
  const packer = pack();
  packer.entry({ name: 'Dockerfile', mode: 0o644, mtime: new Date(0) }, dockerfile);
  packer.finalize();
  return packer.pipe(new PassThrough());
}
