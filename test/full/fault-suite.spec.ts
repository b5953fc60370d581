import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { EngineProxy } from '../support/faults/engine-proxy.js';
import { FaultTable } from '../support/faults/fault-table.js';
import { FAULTS, type Stage } from '../support/faults/faults.js';
import { createProjects, expectNothingLeft, playRound } from '../support/faults/round.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import type { TestProject } from '../support/nexos/test-project.js';
import { PostgresServer } from '../support/postgres-server.js';
import { RedisServer } from '../support/redis-server.js';
import { byScale } from '../support/scale.js';

const isShort = inject('scale') === 'short';
const PROJECTS = byScale({ short: 2, long: 20 });
/** Milliseconds between the pushes of a project. Each costs about a second of CPU. */
const PUSH_EVERY_MS = byScale({ short: 2_000, long: 15_000 });
const faults = FAULTS.filter((fault) => fault.isShort || !isShort);
const table = new FaultTable(process.env.FAULTS_TABLE);

/**
 * An installation with stores of its own, in which one thing after the other breaks. Prints a table, and adds its rows
 * to the file that FAULTS_TABLE names; docs/engineering/faults.md has one. Costs about 90 s in its short form.
 */
describe('while projects receive pushes', () => {
  let stage: Stage;
  let projects: TestProject[];

  beforeAll(async () => {
    const system = inject('system');
    const [postgres, redis, engine] = await Promise.all([
      PostgresServer.start(system),
      RedisServer.start(system),
      EngineProxy.start(),
    ]);
    const nexos = await NexosStack.start(await postgres.systemWithTemplate(system), {
      env: { REDIS_URL: redis.url, DOCKER_HOST: engine.host, DATABASE_TIMEOUT_MS: '3000' },
    });
    // This connection breaks with Postgres; the suite uses others.
    nexos.database.on('error', () => undefined);
    stage = { nexos, postgres, redis, engine };
    projects = await createProjects(nexos, PROJECTS);
  });
  afterAll(async () => {
    table.print();
    // Undefined where `beforeAll` failed.
    const started = stage as Stage | undefined;
    await started?.nexos.stop();
    await Promise.all([started?.engine.stop(), started?.redis.remove(), started?.postgres.remove()]);
  });

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    'ends every push correctly and once, and serves the newest good one: %s',
    async (_name, fault) => {
      await playRound(stage, { projects, everyMs: PUSH_EVERY_MS }, fault, table);
      expect(projects).toHaveLength(PROJECTS);
    },
  );

  it('leaves nothing behind when all projects are deleted', () => expectNothingLeft(stage.nexos));
});
