import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import type { AppName } from '../nexos/app-process.js';
import type { NexosStack } from '../nexos/nexos-stack.js';
import type { PostgresServer } from '../postgres-server.js';
import type { RedisServer } from '../redis-server.js';
import type { EngineProxy } from './engine-proxy.js';
import { query } from './outcomes.js';
import type { SteadyPushes } from './steady-pushes.js';

/** Milliseconds of an outage, longer than leases, locks of jobs and timeouts of the apps. */
const OUTAGE_MS = 6_000;
/** Milliseconds that each packet to and from the engine is late. */
const SLOW_MS = 200;
/** Codes of failures that a build may end with when the engine was away twice. */
const ENGINE_AWAY = ['engine_unavailable'];

/** An installation with stores of its own, and a proxy in front of its engine. */
export interface Stage {
  readonly nexos: NexosStack;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly engine: EngineProxy;
}

export interface Fault<On> {
  readonly name: string;
  /** Codes of failures that are correct ends of good pushes. */
  readonly mayFail?: readonly string[];
  /** Causes the fault while projects receive pushes, and resolves once it is over. */
  readonly strike: (stage: On & { readonly pushes: SteadyPushes }) => Promise<void>;
}

interface StageFault extends Fault<Stage> {
  /** Whether the short form has it too. */
  readonly isShort: boolean;
}

const kill = (app: AppName): StageFault => ({
  name: `${app} killed`,
  isShort: app !== 'quota',
  strike: async ({ nexos, pushes }) => {
    await nexos.app(app).stop('SIGKILL');
    // Without the API, no push is accepted.
    if (app !== 'api') await pushes.another();
    nexos.app(app).start();
  },
});

const stop = (app: AppName): StageFault => ({
  name: `${app} stopped with SIGTERM`,
  isShort: false,
  strike: async ({ nexos }) => {
    const process = nexos.app(app);
    const code = await process.stop('SIGTERM');
    if (code !== 0) throw new Error(`${app} ended with ${code} after SIGTERM`);
    process.start();
  },
});

/** Freezes a worker until another process has done its work, and wakes it. */
const freeze = (app: 'builder' | 'lifecycle' | 'integrations'): StageFault => ({
  name: `${app} frozen past its lease`,
  isShort: app === 'builder',
  strike: async ({ nexos, pushes }) => {
    const frozen = nexos.app(app);
    frozen.suspend();
    const other = nexos.secondProcess(app);
    other.start();
    try {
      await eventually('a version of after the freeze to be live', async () => {
        await pushes.another();
        const [row] = await query<{ isLive: boolean }>(
          nexos,
          `SELECT max(live_at) > now() - interval '2 seconds' AS "isLive" FROM deployments`,
        );
        return row?.isLive === true ? true : undefined;
      });
    } finally {
      frozen.resume();
    }
    await pushes.another();
    await other.stop('SIGTERM');
  },
});

/** In the order in which they strike. */
export const FAULTS: readonly StageFault[] = [
  kill('builder'),
  kill('lifecycle'),
  kill('integrations'),
  kill('api'),
  kill('agent'),
  kill('quota'),
  ...(['builder', 'lifecycle', 'integrations', 'api', 'agent', 'quota'] as const).map(stop),
  freeze('builder'),
  freeze('lifecycle'),
  freeze('integrations'),
  { name: 'Redis wiped', isShort: true, strike: ({ redis }) => redis.wipe() },
  {
    name: 'Redis stopped',
    isShort: false,
    strike: async ({ redis, pushes }) => {
      await redis.stop();
      await pushes.another();
      await redis.restart();
    },
  },
  {
    name: 'Redis frozen',
    isShort: false,
    strike: async ({ redis, pushes }) => {
      await redis.freeze();
      await pushes.another();
      await wait(OUTAGE_MS);
      await redis.thaw();
    },
  },
  {
    name: 'Postgres stopped',
    isShort: false,
    strike: async ({ postgres }) => {
      await postgres.stop();
      await wait(OUTAGE_MS);
      await postgres.restart();
    },
  },
  {
    name: 'Postgres frozen',
    isShort: true,
    strike: async ({ postgres }) => {
      await postgres.freeze();
      await wait(OUTAGE_MS);
      await postgres.thaw();
    },
  },
  { name: 'HAProxy killed', isShort: false, strike: ({ nexos }) => nexos.killIngress() },
  {
    name: 'engine socket slow',
    isShort: false,
    mayFail: ENGINE_AWAY,
    strike: async ({ engine, pushes }) => {
      engine.slowDown(SLOW_MS);
      await pushes.another();
      await wait(OUTAGE_MS);
      await engine.restore();
    },
  },
  {
    name: 'engine socket cut',
    isShort: false,
    mayFail: ENGINE_AWAY,
    strike: async ({ engine, pushes }) => {
      await engine.cut();
      await pushes.another();
      await engine.restore();
    },
  },
];
