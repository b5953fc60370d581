import type { components } from '@nexos/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type Docker from 'dockerode';
import { eventually } from '../../support/eventually.js';
import { findTheEngine } from '../../support/machine.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

type Health = NonNullable<Environment['health']>;
type Log = components['schemas']['RuntimeLogResponse'];
type Event = components['schemas']['EnvironmentEventResponse'];

/** Health is right within 15 s; a busy machine may need longer. */
const SOON_MS = 45_000;

/** Scales a Swarm service to zero, as an operator might. */
async function stopService(name: string): Promise<void> {
  const service = (await findTheEngine()).getService(name);
  const { Spec, Version } = (await service.inspect()) as Docker.Service;
  const _body = { ...Spec, Mode: { Replicated: { Replicas: 0 } } };
  await service.update({ _query: { version: Version?.Index }, _body });
}

/** Returns an app that does something after it has been asked for `/now`. */
function appThat(does: string): Record<string, string> {
  const { Dockerfile = '' } = webApp('');
  return {
    Dockerfile,
    'server.js': `const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');
createServer((request, response) => {
  response.end('ok');
  if (request.url === '/now') setTimeout(() => { ${does} }, 50);
}).listen(process.env.PORT, '0.0.0.0');
`,
  };
}

describe('the health of an environment', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(() => nexos.stop());

  async function live(files: Record<string, string>, settings: object = {}) {
    const project = await TestProject.create(nexos, settings);
    const deployment = await project.deploy(files);
    expect(deployment).toMatchObject({ status: 'live', failure: null });
    return project.environment();
  }
  const get = (id: string) => nexos.api.get<Environment>(`/environments/${id}`);
  /** Waits until the state is this one; returns the health. */
  async function until(id: string, state: Health['state'], deadlineMs = SOON_MS): Promise<Health> {
    let last: Health | null = null;
    return eventually(
      `${id} to be ${state}`,
      async () => {
        ({ health: last } = await get(id));
        return last?.state === state ? last : undefined;
      },
      { deadlineMs, seen: () => last },
    );
  }
  const states = async (id: string) => {
    const events = await nexos.api.get<Event[]>(`/environments/${id}/events`);
    return events.filter(({ type }) => type === 'health').map(({ to }) => to);
  };
  const logOf = (id: string) => nexos.api.get<Log>(`/environments/${id}/logs`);

  it.concurrent(
    'says that an app exits again and again, and restarts it after longer and longer pauses',
    async () => {
      // Exits once visited, and then whenever it starts.
      const { id, url } = await live(appThat(`console.log('giving up'); process.exit(3)`), {});
      expect((await get(id)).health).toMatchObject({ state: 'healthy', restarts: 0, last_exit: null });
      await visit(url, { path: '/now' });
      const once = await eventually('the exit', async () => {
        const { health } = await get(id);
        return health?.restarts === 1 ? health : undefined;
      });
      expect(once).toMatchObject({ last_exit: { code: 3, signal: null, out_of_memory: false } });
      // As soon as it answers again.
      for (let exits = 2; exits <= 3; exits++) {
        await eventually('the next exit', async () => {
          await visit(url, { path: '/now' }).catch(() => undefined);
          const restarts = (await get(id)).health?.restarts ?? 0;
          return restarts >= exits ? restarts : undefined;
        });
      }
      const health = await until(id, 'crash_looping');
      expect(health.message).toMatch(/exited with code 3, \d times in a row/);
      expect(await states(id)).toContain('crash_looping');
      const { lines } = await logOf(id);
      const said = lines.map(({ stream, text }) => `${stream}: ${text}`);
      expect(said).toContain('stdout: giving up');
      expect(said).toContain('system: the app exited with code 3');
    },
  );

  it.concurrent('says that an app ran out of memory', async () => {
    const grow = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 20)`;
    const { id, url } = await live(appThat(grow), { memory_mb: 48 });
    await visit(url, { path: '/now' });
    const health = await until(id, 'out_of_memory');
    expect(health.message).toContain('48 MiB. Raise memory_mb');
    // The kernel kills the process a moment before the container ends.
    const { last_exit } = await eventually('the exit', async () => {
      const { health: now } = await get(id);
      return now?.last_exit == null ? undefined : now;
    });
    expect(last_exit).toMatchObject({ code: 137, signal: 'SIGKILL', out_of_memory: true });
    const { lines } = await logOf(id);
    expect(lines).toContainEqual(
      expect.objectContaining({ stream: 'system', text: 'the app ran out of memory (code 137, SIGKILL)' }),
    );
  });

  it.concurrent('says that an app ran out of memory before it ever answered', async () => {
    const project = await TestProject.create(nexos, { memory_mb: 48 });
    const { Dockerfile = '' } = webApp('');
    const server = 'const a = []; setInterval(() => a.push(Buffer.alloc(8 << 20, 1)), 20);';
    const deployment = await project.deploy({ Dockerfile, 'server.js': server });
    expect(deployment.failure).toMatchObject({
      code: 'app_exited',
      message: expect.stringMatching(/^The app ran out of memory .*48 MiB \(memory_mb\)/) as string,
    });
  });

  it.concurrent(
    'says that an app stopped answering, and no longer a minute after it answers again',
    async () => {
      const { id, url } = await live(appThat(`const end = Date.now() + 50000; while (Date.now() < end);`));
      await visit(url, { path: '/now' });
      const health = await until(id, 'unreachable');
      expect(health).toMatchObject({ restarts: 0, last_exit: null });
      expect(health.message).toContain('The app does not answer');
      await until(id, 'healthy', 150_000);
      expect((await states(id)).slice(0, 3)).toEqual(['healthy', 'unreachable', 'healthy']);
    },
  );

  it.concurrent('says that the database is down, and is null while the environment is paused', async () => {
    const { id, project_id } = await live(webApp('with a database'), { services: { redis: true } });
    await stopService(`nexos-${nexos.instance}-${project_id.replace('_', '-')}-redis`);
    const health = await until(id, 'unreachable');
    expect(health.message).toContain("The project's Redis is not running");
    await nexos.api.post(`/environments/${id}/pause`);
    await eventually('the pause', async () => ((await get(id)).status === 'paused' ? true : undefined));
    expect((await get(id)).health).toBeNull();
  });

  it.concurrent('says that the image is gone', async () => {
    const { id } = await live(webApp('without an image'));
    const engine = await findTheEngine();
    const filters = { label: [`dev.nexos.environment=${id}`] };
    const [first] = await engine.listContainers({ filters });
    // The engine keeps the image of a running container.
    await eventually('the image to be removed', async () => {
      for (const { Id } of await engine.listContainers({ filters })) {
        await engine
          .getContainer(Id)
          .kill()
          .catch(() => undefined);
      }
      const image = engine.getImage(first?.ImageID ?? '');
      await image.remove({ force: true }).catch(() => undefined);
      return image.inspect().then(
        () => undefined,
        () => true as const,
      );
    });
    const health = await until(id, 'unreachable', 2 * SOON_MS);
    expect(health.message).toContain('Deploy again to rebuild it');
  });

  it('catches up with exits while the agent was killed and while it was frozen', async () => {
    const { id, url } = await live(appThat('process.exit(4)'));
    const agent = nexos.app('agent');
    const exitsAreKnown = (count: number) =>
      eventually('the exit', async () => {
        const { health } = await get(id);
        return health?.restarts === count ? health.last_exit : undefined;
      });
    const engine = await findTheEngine();
    const running = async () => {
      const filters = { label: [`dev.nexos.environment=${id}`] };
      return (await engine.listContainers({ filters }))[0]?.Id;
    };
    // The next container is not reachable before the agent has connected it.
    const exits = async () => {
      const first = await running();
      await visit(url, { path: '/now' });
      await eventually('the next container', async () => {
        const next = await running();
        return next === undefined || next === first ? undefined : true;
      });
    };
    await agent.stop('SIGKILL');
    await exits();
    agent.start();
    expect(await exitsAreKnown(1)).toMatchObject({ code: 4 });
    await eventually('the app to be reachable', async () =>
      (await visit(url)).status === 200 ? true : undefined,
    );
    agent.suspend();
    try {
      await exits();
    } finally {
      agent.resume();
    }
    await exitsAreKnown(2);
  });
});
