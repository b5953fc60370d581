import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findTheEngine } from '../support/machine.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LABELS = { 'dev.nexos.test': 'bare-container' };

/** The options a container needs to run an engine inside; the outer engine need not be privileged. */
const ENGINE_INSIDE = {
  CapAdd: ['ALL'],
  CapDrop: ['SYS_RESOURCE'],
  SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
  MaskedPaths: [],
  ReadonlyPaths: [],
  DeviceCgroupRules: ['a *:* rwm'],
};

describe('a machine with only Node and npm', () => {
  const system = inject('system');
  let engine: Docker;
  let clone = '';

  beforeAll(async () => {
    engine = await findTheEngine();
    await removeContainers(engine);
    clone = await mkdtemp(join(system.home, 'bare-'));
    await promisify(execFile)('git', ['clone', '--quiet', '--no-local', '--', ROOT, join(clone, 'source')]);
  });
  afterAll(async () => {
    await removeContainers(engine);
    await rm(clone, { recursive: true, force: true });
  });

  it('runs the demo and deploys a push end to end from a clean clone', async () => {
    const container = await engine.createContainer({
      Image: system.images.node ?? '',
      Cmd: ['bash', '/source/test/full/in-bare-container.sh'],
      Labels: LABELS,
      Tty: true,
      Env: ['CI=true'],
      HostConfig: {
        ...ENGINE_INSIDE,
        Mounts: [
          { Type: 'bind', Source: join(clone, 'source'), Target: '/source', ReadOnly: true },
          { Type: 'bind', Source: '/sys/fs/cgroup', Target: '/sys/fs/cgroup' },
          { Type: 'volume', Source: '', Target: '/var/lib/docker' },
        ],
      },
    });
    await container.start();
    const logFile = join(system.home, 'bare-container.log');
    const log = await container.logs({ follow: true, stdout: true, stderr: true });
    await pipeline(log, createWriteStream(logFile));
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    const output = stripVTControlCharacters(await readFile(logFile, 'utf8'));
    expect(status, output.slice(-4_000)).toBe(0);
    expect(output).toMatch(/=== a push, end to end[\s\S]*Tests +\d+ passed/);
  });
});

async function removeContainers(engine: Docker): Promise<void> {
  const label = Object.entries(LABELS).map(([name, value]) => `${name}=${value}`);
  for (const { Id } of await engine.listContainers({ all: true, filters: { label } }))
    await engine.getContainer(Id).remove({ force: true, v: true });
}
