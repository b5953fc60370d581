import { existsSync, readFileSync } from 'node:fs';
import type { IngressConfig } from '@nexos/config';
import { AddressMap, HaproxyRuntime, IngressMap } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { findTheEngine } from '../../support/machine.js';
import { smallApp } from '../../support/nexos/app-source.js';
import { NO_RESOURCES } from '../../support/nexos/deploying-installation.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';
import { PeakMemory } from '../../support/peak-memory.js';
import { byScale } from '../../support/scale.js';

const PROJECTS = byScale({ short: 10, long: 150 });
/** How many of them have a Postgres. */
const WITH_POSTGRES = byScale({ short: 1, long: 5 });
/** How many are created, visited or deleted at once. */
const AT_ONCE = 5;
/** How many containers are killed at once. */
const KILLED_AT_ONCE = byScale({ short: PROJECTS, long: 25 });
/** Far more than each project takes in any step. */
const DEADLINE_MS = 60_000 + PROJECTS * 10_000;
const RESTART_MS = 30_000;
const MAX_MIB = { haproxy: 150, agent: 200, api: 400, lifecycle: 400, builder: 400, integrations: 400 };
const APPS = ['agent', 'api', 'builder', 'integrations', 'lifecycle'] as const;

async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  size = AT_ONCE,
): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += size) {
    results.push(...(await Promise.all(items.slice(first, first + size).map(work))));
  }
  return results;
}

/** Costs about 45 s in its short form, and 16 minutes in its long one on a busy machine with two cores. */
describe('an installation with many projects', () => {
  let nexos: NexosStack;
  let memory: PeakMemory;
  let began = performance.now();
  const projects: { project: TestProject; url: string; text: string }[] = [];
  const maps = () => {
    const runtime = new HaproxyRuntime({ socketDir: nexos.env.INGRESS_SOCKET_DIR } as IngressConfig);
    return { routes: new IngressMap(runtime), addresses: new AddressMap(runtime) };
  };
  /** Writes how long a step took, since the long form is a measurement. */
  const note = (step: string) => {
    const line = `${step}: ${((performance.now() - began) / 1000).toFixed(1)} s, MiB ${JSON.stringify(memory.mib)}`;
    process.stderr.write(`${PROJECTS} projects, ${line}\n`);
    began = performance.now();
  };

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    const engine = await findTheEngine();
    memory = new PeakMemory(async () => ({
      haproxy: (await (await nexos.ingress()).inspect()).State.Pid,
      ...(existsSync('/var/run/docker.pid') && {
        dockerd: Number(readFileSync('/var/run/docker.pid', 'utf8')),
      }),
      ...Object.fromEntries(APPS.map((name) => [name, nexos.app(name).pid])),
    }));
    await engine.ping();
  });
  afterAll(async () => {
    memory.stop();
    await nexos.stop();
  });

  const untilAllAnswer = (deadlineMs: number) => {
    let missing: string[] = [];
    return eventually(
      'every app to answer',
      async () => {
        const answers = await inBatches(projects, async ({ url, text }) => {
          const { body } = await visit(url).catch(() => ({ body: '' }));
          return body === text ? [] : [url];
        });
        missing = answers.flat();
        return missing.length === 0 ? true : undefined;
      },
      { deadlineMs, everyMs: 250, seen: () => missing },
    );
  };
  const apps = () => nexos.containers('dev.nexos.deployment');

  it('deploys all of them', async () => {
    began = performance.now();
    const numbers = Array.from({ length: PROJECTS }, (_, n) => n);
    await inBatches(numbers, async (n) => {
      const services = { postgres: n < WITH_POSTGRES };
      const project = await TestProject.create(nexos, {
        memory_mb: 16,
        cpu: 0.05,
        start_timeout_seconds: 120,
        services,
      });
      const text = `This is ${project.fullName}.`;
      await project.push(smallApp(text));
      projects.push({ project, url: (await project.environment()).url, text });
    });
    note('created');
    let seen: unknown;
    await eventually(
      'every deployment to be live',
      async () => {
        const statuses = await nexos.rows<{ status: string; count: number; failure: string | null }>(
          `SELECT status, count(*)::integer AS count, min(failure_message) AS failure FROM deployments GROUP BY status`,
        );
        seen = statuses;
        const failed = statuses.find(({ status }) => status === 'failed');
        if (failed !== undefined) throw new Error(JSON.stringify(failed));
        return statuses.find(({ status }) => status === 'live')?.count === PROJECTS ? true : undefined;
      },
      { deadlineMs: DEADLINE_MS, everyMs: 500, seen: () => seen },
    );
    note('deployed');
    await untilAllAnswer(RESTART_MS);
    expect((await maps().routes.read()).size).toBe(PROJECTS);
    const addresses = [...(await maps().addresses.read()).values()];
    expect(new Set(addresses.map((address) => address.split('.').slice(0, 3).join('.'))).size).toBe(PROJECTS);
  });

  it('answers for all of them soon after HAProxy was killed', async () => {
    began = performance.now();
    await nexos.killIngress();
    await untilAllAnswer(RESTART_MS);
    note('HAProxy killed, all answered');
  });

  it('answers for all of them after their containers were killed in batches', async () => {
    began = performance.now();
    const engine = await findTheEngine();
    const before = await apps();
    expect(before).toHaveLength(PROJECTS);
    for (let first = 0; first < PROJECTS; first += KILLED_AT_ONCE) {
      const killed = before.slice(first, first + KILLED_AT_ONCE);
      await Promise.all(killed.map((id) => engine.getContainer(id).kill({ signal: 'SIGKILL' })));
      await eventually(
        'a new container of each app',
        async () => {
          const present = await apps();
          return (present.length === PROJECTS && !killed.some((id) => present.includes(id))) || undefined;
        },
        { deadlineMs: DEADLINE_MS, everyMs: 500 },
      );
    }
    await untilAllAnswer(DEADLINE_MS);
    note('containers killed, all answered');
  });

  it('leaves nothing behind when all are deleted', async () => {
    began = performance.now();
    const engine = await findTheEngine();
    const ours = async () =>
      (await engine.listNetworks()).filter(({ Name }) => Name.includes(nexos.instance));
    const bridges = (await ours()).filter(({ Driver }) => Driver === 'bridge');
    const interfaces = bridges.map(({ Id }) => `/sys/class/net/br-${Id.slice(0, 12)}`);
    expect(interfaces.filter((path) => existsSync(path))).toHaveLength(PROJECTS);
    await inBatches(projects, ({ project }) => nexos.api.request('DELETE', `/projects/${project.id}`));
    let seen: unknown;
    await eventually(
      'everything to be gone',
      async () => {
        const left = { ...(await nexos.engineResources()), named: (await ours()).map(({ Name }) => Name) };
        seen = Object.fromEntries(Object.entries(left).map(([kind, names]) => [kind, names.length]));
        return JSON.stringify(left) === JSON.stringify({ ...NO_RESOURCES, named: [] }) ? true : undefined;
      },
      { deadlineMs: DEADLINE_MS, everyMs: 1_000, seen: () => seen },
    );
    note('deleted');
    expect(interfaces.filter((path) => existsSync(path))).toEqual([]);
    expect(await maps().routes.read()).toEqual(new Map());
    expect(await maps().addresses.read()).toEqual(new Map());
    for (const [name, limit] of Object.entries(MAX_MIB)) expect(memory.mib[name], name).toBeLessThan(limit);
  });
});
