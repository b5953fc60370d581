import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/machine.js';
import { filesOfContext } from '../integration/packaging/build-context.js';
import { ProductionImage, outputOf } from './production-image.js';

const MIB = 1024 * 1024;
const system = inject('system');

describe('the production image', () => {
  let image: ProductionImage;

  beforeAll(async () => {
    image = await ProductionImage.build(system.images.node ?? '');
  }, 600_000);
  afterAll(() => image.remove());

  const shell = async (script: string) => {
    const { exitCode, output } = await image.run({ command: ['sh', '-euc', script] });
    expect(output).not.toMatch(/not found|denied/i);
    expect(exitCode).toBe(0);
    return output.trim();
  };

  it('is built from the sources alone', () => {
    const files = filesOfContext();
    expect(files).toContain('apps/api/src/main.ts');
    expect(files).toContain('package-lock.json');
    const unexpected = files.filter((path) =>
      /\.spec\.ts$|node_modules|^\.(git|nexos|env)|(^|\/)secrets\//.test(path),
    );
    expect(unexpected).toEqual([]);
    expect(files.filter((path) => path.startsWith('docker/'))).toEqual([
      'docker/Dockerfile',
      'docker/local/bundle.mjs',
    ]);
    expect(new Set(files.map((path) => path.split('/')[0]))).toEqual(
      new Set([
        '.npmrc',
        'LICENSE',
        'apps',
        'docker',
        'libs',
        'package-lock.json',
        'package.json',
        'tsconfig.build.json',
      ]),
    );
  });

  it('adds less than 300 MiB to its base', async () => {
    const own = image.facts.Size - (await sizeOf(system.images.node ?? ''));
    console.log(
      `image: ${Math.round(image.facts.Size / MIB)} MiB, of which ours: ${Math.round(own / MIB)} MiB`,
    );
    expect(own / MIB).toBeLessThan(300);
  });

  it('runs as a user that cannot write its own files', async () => {
    expect(image.facts.Config.User).toBe('1000:1000');
    expect(await shell('id -u')).toBe('1000');
    expect(await shell('find /app -writable ! -type l | head -n 1')).toBe('');
    expect(await shell('test -w /var/lib/nexos/mirrors && test -w /run/nexos && echo yes')).toBe('yes');
  });

  it('contains what the apps need at run time, and no build or test tools', async () => {
    expect(await shell('git --version && flock --version && tini --version')).toMatch(
      /git version .*\n.*flock.*\n.*tini/s,
    );
    const argon2 = `node -e "import('argon2').then(({ default: a }) => a.hash('x')).then((h) => console.log(h.slice(0, 9)))"`;
    expect(await shell(argon2)).toBe('$argon2id');
    expect(await shell('ls dist/apps')).toMatch(/^agent\s+api\s+builder\s+integrations\s+lifecycle\s+quota$/);
    expect(
      await shell('ls -d node_modules/typescript node_modules/vitest node_modules/.bin/nest || true'),
    ).not.toMatch(/^node_modules/m);
  });

  it.each(['api', 'builder', 'integrations', 'lifecycle', 'quota'])(
    'lists the missing variables when %s starts without any',
    async (app) => {
      const { exitCode, output } = await image.run({ command: ['node', `dist/apps/${app}/src/main.js`] });
      expect(exitCode).toBe(78);
      expect(output).toContain('Invalid configuration');
      expect(output).toMatch(/- DATABASE_URL must be /);
      expect(output).toMatch(/- REDIS_URL must be /);
    },
  );

  it('forwards the stop signal to the app', async () => {
    const script = `process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
      setInterval(() => undefined, 1000); console.log('up');`;
    const container = await image.start({ command: ['node', '--eval', script] });
    await eventually('the process', async () => ((await outputOf(container)) === '' ? undefined : true));
    await container.stop({ t: 20 });
    expect(await outputOf(container)).toContain('asked to stop');
    expect((await container.inspect()).State.ExitCode).toBe(0);
  });

  it('serves requests once it has a database and a Redis', async () => {
    const database = await TestDatabase.create(system, { migrated: false });
    try {
      const port = await freePort(35_000);
      const container = await image.start({
        env: {
          DATABASE_URL: database.url,
          REDIS_URL: system.env.REDIS_URL ?? '',
          REDIS_PREFIX: 'packaging-test',
          ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
          GITHUB_WEBHOOK_SECRET: 'a webhook secret for tests',
          HOST: '127.0.0.1',
          PORT: String(port),
        },
        // As in compose.yaml: the image is read-only.
        hostConfig: {
          NetworkMode: 'host',
          ReadonlyRootfs: true,
          Tmpfs: { '/run/nexos': 'uid=1000,gid=1000,mode=0700', '/tmp': '' },
        },
      });
      const report = await eventually('the API in the image', async () => {
        const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
        return response?.status === 200 ? response.json() : undefined;
      });
      expect(report).toEqual({ status: 'ok', checks: { postgres: 'ok', redis: 'ok' } });
      await container.stop({ t: 30 });
      // 1 would mean that something did not end in time, 137 that it was killed.
      expect((await container.inspect()).State.ExitCode).toBe(0);
    } finally {
      await database.drop();
    }
  });
});

async function sizeOf(name: string): Promise<number> {
  const { default: Docker } = await import('dockerode');
  return (await new Docker().getImage(name).inspect()).Size;
}
