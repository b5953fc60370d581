import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { anyPort } from './any-port.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ACCESS_KEY = 'backups';
const SECRET_KEY = 'a-secret-for-backups';
const BUCKET = 'backups';

/** The S3 server that stands in for the gateway in `docker/images/s3`, as a process with one bucket. */
export class S3ServerProcess {
  readonly location = `s3://${BUCKET}/nexos`;

  private constructor(
    private readonly process: ChildProcess,
    /** How backups find it. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(folder: string): Promise<S3ServerProcess> {
    const port = await anyPort();
    for (const name of ['buckets', 'accounts']) mkdirSync(join(folder, name), { recursive: true });
    const child = spawn(
      process.execPath,
      [
        ...['--openssl-legacy-provider', '--import', './docker/local/end-with-parent.mjs'],
        ...['docker/images/s3/server.mjs', 'posix', join(folder, 'buckets')],
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: {
          ...process.env,
          ROOT_ACCESS_KEY: ACCESS_KEY,
          ROOT_SECRET_KEY: SECRET_KEY,
          VGW_PORT: `:${port}`,
          VGW_IAM_DIR: join(folder, 'accounts'),
        },
      },
    );
    // Its first line says that it listens.
    if (child.stdout === null) throw new Error('the server has no output');
    await once(createInterface({ input: child.stdout }), 'line');
    const endpoint = `http://127.0.0.1:${port}`;
    const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    client.destroy();
    return new S3ServerProcess(child, {
      BACKUP_S3_ENDPOINT: endpoint,
      BACKUP_S3_ACCESS_KEY: ACCESS_KEY,
      BACKUP_S3_SECRET_KEY: SECRET_KEY,
    });
  }

  async stop(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}
