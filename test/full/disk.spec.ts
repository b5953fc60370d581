import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@nexos/domain';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../support/any-port.js';
import { eventually } from '../support/eventually.js';
import type { Deployment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { SmallDisk } from '../support/small-disk.js';
import { SmallEngine } from '../support/small-engine.js';

const BASE = 'nexos-local/debian:bookworm';
const MIB = 1024 * 1024;
const CACHE_MB = 50;
/** Settings of a builder that trims the build cache only when it must. */
const NO_CACHE_CHECKS = { BUILD_CACHE_CHECK_MS: '86400000' };

/** Returns a context whose only file has this many bytes, which git compresses well. */
const contextOf = (bytes: number) => ({ Dockerfile: `FROM ${BASE}\nCOPY . .\n`, file: '0'.repeat(bytes) });
const step = (command: string) => ({ Dockerfile: `FROM ${BASE}\nRUN : ${randomUUID()}; ${command}\n` });
/** Returns a build that fails after leaving this many MiB in the build cache, and no image. */
const failingAfter = (mib: number) => ({
  Dockerfile: `FROM ${BASE}\nRUN : ${randomUUID()}; head -c ${mib * MIB} /dev/urandom > /file\nRUN exit 3\n`,
});

/** An installation that only builds, with small disks for its engine and its mirrors; nothing is rolled out. */
describe('disk space', () => {
  let nexos: NexosStack;
  let engine: SmallEngine;
  let mirrors: SmallDisk;
  let healthPort: number;
  /** Runs on the small engine throughout. */
  let bystander: Docker.Container;

  beforeAll(async () => {
    mirrors = new SmallDisk(16);
    engine = await SmallEngine.start({ sizeMb: 800, images: [BASE] });
    bystander = await engine.docker.createContainer({
      Image: BASE,
      Cmd: ['sh', '-euc', 'while sleep 0.2; do cat /etc/os-release > /dev/null; done'],
      HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'always' } },
    });
    await bystander.start();
    healthPort = await anyPort();
    nexos = await NexosStack.start(inject('system'), {
      apps: ['api', 'integrations', 'builder'],
      env: {
        DOCKER_HOST: engine.host,
        MIRROR_DIR: mirrors.folder,
        BUILDER_MIN_FREE_MB: '1',
        PROJECT_CACHE_MAX_MB: String(CACHE_MB),
        BUILD_CACHE_CHECK_MS: '1000',
      },
      appEnv: { builder: { HEALTH_PORT: String(healthPort) } },
    });
  });
  afterAll(async () => {
    // Undefined where `beforeAll` failed earlier.
    try {
      await (nexos as NexosStack | undefined)?.stop();
    } finally {
      try {
        await (engine as SmallEngine | undefined)?.stop();
      } finally {
        (mirrors as SmallDisk | undefined)?.remove();
      }
    }
  });

  /** Pushes, and waits until the image is built or the deployment has failed. */
  const build = async (project: TestProject, files: Record<string, string>): Promise<Deployment> => {
    const sha = await project.push(files);
    const { id } = await project.environment();
    let seen: Deployment | undefined;
    return eventually(
      'the build to end',
      async () => {
        const { latest_deployment_id: latest } = await nexos.api.get<{ latest_deployment_id: string }>(
          `/environments/${id}`,
        );
        seen = await nexos.api.deployment(latest);
        const isOver = ['deploying', 'failed', 'cancelled'].includes(seen.status);
        return seen.commit_sha === sha && isOver ? seen : undefined;
      },
      { seen: () => seen },
    );
  };
  const expectBuilds = async () => {
    const other = await TestProject.create(nexos);
    const { failure, status } = await build(other, step('true'));
    expect({ failure, status }).toEqual({ failure: null, status: 'deploying' });
  };
  const full = { status: 'failed', failure: { code: 'disk_full' } };
  const contexts = async () =>
    (await engine.cacheRecords()).filter(({ Description }) => Description.includes('build-context'));

  /** Runs `work` with a builder that has other settings instead of the usual one. */
  const withBuilder = async (env: Record<string, string>, work: () => Promise<void>) => {
    await nexos.app('builder').stop('SIGTERM');
    const builder = nexos.secondProcess('builder', { HEALTH_PORT: String(healthPort), ...env });
    builder.start();
    try {
      await work();
    } finally {
      await builder.stop('SIGTERM');
      nexos.app('builder').start();
    }
  };

  it('fails a deployment whose context fills the engine disk, and frees the space at once', async () => {
    const project = await TestProject.create(nexos);
    await withBuilder(NO_CACHE_CHECKS, async () => {
      const before = engine.freeMb;
      // Room for the context as sent and as unpacked, but not for its copy in the image.
      const failed = await build(project, contextOf(Math.floor(0.42 * before) * MIB));
      expect(failed).toMatchObject(full);
      expect(failed.failure?.message).toMatch(/The disk of the build machine is full.*Tell the operator/);
      await expectBuilds();
      expect(engine.freeMb).toBeGreaterThan(before - 20);
      const attempts = await nexos.rows('SELECT attempt FROM deployments WHERE id = $1', [failed.id]);
      expect(attempts).toEqual([{ attempt: 1 }]);
    });
  });

  it('fails a deployment whose build step fills the engine disk, and frees the space at once', async () => {
    const project = await TestProject.create(nexos);
    await withBuilder(NO_CACHE_CHECKS, async () => {
      const before = engine.freeMb;
      const kept = `RUN head -c ${40 * MIB} /dev/urandom > /kept\n`;
      const { Dockerfile } = step(`head -c ${900 * MIB} /dev/zero > /file`);
      const failed = await build(project, { Dockerfile: Dockerfile.replace('\n', `\n${kept}`) });
      expect(failed).toMatchObject(full);
      expect(failed.failure?.message).toContain('ran out of disk space');
      await expectBuilds();
      expect(engine.freeMb).toBeGreaterThan(before - 20);
    });
  });

  it('fails a deployment whose repository fills the mirror disk, and frees the space', async () => {
    const before = mirrors.freeMb;
    const project = await TestProject.create(nexos);
    const incompressible = randomBytes(20 * MIB).toString('base64');
    expect(await build(project, { Dockerfile: `FROM ${BASE}\n`, file: incompressible })).toMatchObject(full);
    await expectBuilds();
    expect(mirrors.freeMb).toBeGreaterThan(before - 2);
  });

  it('keeps no image, container or context of failed, timed-out, cancelled or lost builds', async () => {
    const imagesBefore = (await engine.docker.listImages({ all: true })).map(({ Id }) => Id).sort();
    const project = await TestProject.create(nexos, { build_timeout_seconds: 30 });
    const hasty = await TestProject.create(nexos, { build_timeout_seconds: 10 });
    expect(await build(project, { ...step('exit 3'), file: 'a' })).toMatchObject({
      failure: { code: 'build_step_failed' },
    });
    expect(await build(hasty, { ...step('sleep 60'), file: 'b' })).toMatchObject({
      failure: { code: 'build_timeout' },
    });
    const untilStepRuns = (id: string) =>
      eventually('the step to run', async () =>
        (await nexos.api.log(id)).some(({ text }) => /\d begun$/.test(text)) ? true : undefined,
      );
    const begun = async (file: string) => {
      const sha = await project.push({ ...step('echo begun; sleep 60'), file });
      const { id } = await eventually('the build', async () => {
        const [latest] = await nexos.api.get<Deployment[]>(`/projects/${project.id}/deployments`);
        return latest?.commit_sha === sha && latest.status === 'building' ? latest : undefined;
      });
      await untilStepRuns(id);
      return id;
    };
    const cancelled = await begun('c');
    await nexos.api.post(`/deployments/${cancelled}/cancel`);
    const lost = await begun('d');
    await nexos.app('builder').stop('SIGKILL');
    await nexos.api.post(`/deployments/${lost}/cancel`);
    nexos.app('builder').start();
    await expectBuilds();

    await eventually('no context to be left', async () =>
      (await contexts()).length <= 1 ? true : undefined,
    );
    const images = await engine.docker.listImages({ all: true });
    const left = images.filter(({ Id }) => !imagesBefore.includes(Id));
    for (const { id } of [project, hasty]) {
      expect(left.filter(({ Labels }) => Labels['dev.nexos.project'] === id)).toEqual([]);
    }
    const containers = await engine.docker.listContainers({ all: true });
    expect(containers.map(({ Id }) => Id)).toEqual([bystander.id]);
    const entries = readdirSync(mirrors.folder, { recursive: true, encoding: 'utf8' });
    expect(entries.filter((name) => /\.lock$|(^|\/)tmp_/.test(name))).toEqual([]);
    expect(readdirSync(mirrors.folder).every((name) => /^proj_[a-z0-9]+\.(git|flock)$/.test(name))).toBe(
      true,
    );
    expect(readdirSync(join(mirrors.folder, `${project.id}.git`))).toContain('HEAD');
  });

  it('limits the build cache of each project, and evicts that of a deleted one', async () => {
    const sizeOf = async (mib: number) =>
      (await engine.cacheRecords()).filter(({ Size, Shared }) => !Shared && Size === mib * MIB).length;
    const first = await TestProject.create(nexos);
    await build(first, failingAfter(21));
    const second = await TestProject.create(nexos);
    for (let number = 0; number < 4; number++) await build(second, failingAfter(22));
    await eventually('the rest to be evicted', async () => ((await sizeOf(22)) === 2 ? true : undefined));
    expect(await sizeOf(21)).toBe(1);

    // As if the second project had been deleted meanwhile.
    const gone = [newId('project'), second.id];
    await nexos.database.query('UPDATE build_cache_records SET project_id = $1 WHERE project_id = $2', gone);
    await expectBuilds();
    await eventually('the cache of the deleted project to be evicted', async () =>
      (await sizeOf(22)) === 0 ? true : undefined,
    );
    expect(await sizeOf(21)).toBe(1);
  });

  it('starts no build on a nearly full disk, and reports it to operators', async () => {
    const fetchFromBuilder = async (path: string) =>
      (await fetch(`http://127.0.0.1:${healthPort}${path}`)).text();
    expect(await fetchFromBuilder('/health/ready')).toContain('"disk":"ok"');
    await withBuilder({ BUILDER_MIN_FREE_MB: '100' }, async () => {
      const failed = await build(await TestProject.create(nexos), step('true'));
      expect(failed).toMatchObject(full);
      expect(failed.failure?.message).toMatch(
        /has \d+ MiB of free disk space and needs 100 MiB to start a build/,
      );
      expect(JSON.parse(await fetchFromBuilder('/health/ready'))).toMatchObject({
        status: 'ok',
        checks: { disk: 'unavailable' },
      });
      expect(await fetchFromBuilder('/metrics')).toMatch(/nexos_disk_free_bytes\{disk="mirrors"\} \d+/);
    });
    await expectBuilds();
  });

  it.each([
    ['image_too_large', { IMAGE_MAX_MB: '1' }],
    ['image_limit', { PROJECT_IMAGES_MAX_MB: '1' }],
  ])('keeps no image of a deployment that fails with %s', async (code, env) => {
    const project = await TestProject.create(nexos);
    await withBuilder(env, async () => {
      expect(await build(project, step('true'))).toMatchObject({ status: 'failed', failure: { code } });
    });
    const filters = { label: [`dev.nexos.project=${project.id}`] };
    expect(await engine.docker.listImages({ filters })).toEqual([]);
  });

  it('leaves a running container undisturbed while the disk fills up', async () => {
    const { State, RestartCount } = await bystander.inspect();
    expect({ isRunning: State.Running, restarts: RestartCount }).toEqual({ isRunning: true, restarts: 0 });
  });
});
