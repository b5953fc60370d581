import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Seen, WatchedLoad } from '../integration/ingress/watched-load.js';
import { eventually, PROMPT_MS } from '../support/eventually.js';
import { findTheEngine } from '../support/machine.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';

const RATE = 200;
/** Requests before, between and after faults. */
const SOME = RATE;
const AGENT_KILLS = 3;
/** A connection to an address that was freed a moment ago takes 3 s to fail, and HAProxy tries twice. */
const LONGEST_MS = 6_000 + PROMPT_MS;
const WAITED_MS = 300;

interface App {
  readonly text: string;
  readonly host: string;
  readonly environmentId: string;
}

/** An installation with two environments of one project and one of another. Costs about 60 s. */
describe('the ingress', () => {
  let nexos: NexosStack;
  let main: App;
  let topic: App;
  let other: App;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    const [one, two] = await Promise.all([TestProject.create(nexos), TestProject.create(nexos)]);
    const deploy = async (project: TestProject, branch = 'main'): Promise<App> => {
      const text = `${project.fullName} ${branch}`;
      expect((await project.deploy(webApp(text), { branch })).status).toBe('live');
      const { id, url } = await project.environment(branch);
      return { text, host: new URL(url).hostname, environmentId: id };
    };
    [main, other] = await Promise.all([deploy(one), deploy(two)]);
    topic = await deploy(one, 'topic');
  });
  afterAll(() => nexos.stop());

  const startLoad = (rate = RATE) => {
    const expected = new Map([main, topic, other].map(({ host, text }) => [host, text]));
    return new WatchedLoad(Number(nexos.env.PUBLIC_PORT), expected, rate);
  };
  const untilSent = (load: WatchedLoad, count: number) => {
    const enough = load.seen.length + count;
    return eventually('traffic', () => Promise.resolve(load.seen.length >= enough || undefined));
  };
  /** Waits until every app has answered a request sent after that time; returns when each was sent. */
  const untilAnswered = (load: WatchedLoad, time: number) =>
    eventually('every app to answer', () => Promise.resolve(load.answeredSince(time)), {
      deadlineMs: 60_000,
      everyMs: 10,
      seen: () => load.failures.at(-1),
    });
  const containerOf = async ({ environmentId }: App) => {
    const [id] = await nexos.containers(`dev.nexos.environment=${environmentId}`);
    return id;
  };
  /** Kills the app's container; Swarm starts another one. */
  const crash = async (app: App): Promise<string> => {
    const id = (await containerOf(app)) ?? '';
    await (await findTheEngine()).getContainer(id).kill({ signal: 'SIGKILL' });
    return id;
  };
  const untilRestarted = (app: App, killed: string) =>
    eventually(`a new container of ${app.text}`, async () => {
      const id = await containerOf(app);
      return id !== undefined && id !== killed ? true : undefined;
    });

  it('answers every request while the agent is killed and started again', async () => {
    const load = startLoad();
    try {
      for (let kill = 1; kill <= AGENT_KILLS; kill++) {
        await untilSent(load, SOME);
        await nexos.app('agent').stop('SIGKILL');
        await untilSent(load, SOME);
        nexos.app('agent').start();
        await untilSent(load, SOME);
      }
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  });

  it.each([
    ['HAProxy', null],
    ['HAProxy and the agent', 'agent'],
    ['HAProxy and the lifecycle worker', 'lifecycle'],
  ] as const)(
    'says that it is starting after a crash of %s, and then answers as before',
    async (_what, also) => {
      const load = startLoad();
      try {
        await untilSent(load, SOME);
        if (also !== null) await nexos.app(also).stop('SIGKILL');
        const killedAt = performance.now();
        await nexos.killIngress();
        // One that was sent before may break while a later one is still answered.
        const deadFrom = performance.now();
        const downAt = await eventually('HAProxy to be down', () =>
          Promise.resolve(load.brokenSince(deadFrom)),
        );
        if (also !== null) {
          await eventually('HAProxy to be up', () =>
            Promise.resolve(
              load.seen.some(({ outcome, sentAt }) => outcome === 'busy' && sentAt > downAt) || undefined,
            ),
          );
          await untilSent(load, SOME);
          expect(load.answeredSince(downAt)).toBeUndefined();
          nexos.app(also).start();
        }
        const answeredAt = await untilAnswered(load, downAt);
        await untilSent(load, SOME);
        const isDuringOutage = ({ host, sentAt, endedAt }: Seen) =>
          endedAt >= killedAt && sentAt < (answeredAt.get(host) ?? Infinity);
        const unexpected = load.failures.filter((seen) => seen.outcome === 'wrong' || !isDuringOutage(seen));
        expect(WatchedLoad.summary(unexpected, killedAt)).toEqual([]);
      } finally {
        await load.stop();
      }
    },
  );

  it('lets visitors of an app wait for its next container, or tells them when to try again', async () => {
    const load = startLoad();
    try {
      await untilSent(load, SOME);
      const killedAt = performance.now();
      await crash(main);
      const goneAt = performance.now();
      const answeredAt = (await untilAnswered(load, goneAt)).get(main.host) ?? Infinity;
      await untilSent(load, SOME);
      const isExpected = ({ host, outcome, sentAt, endedAt }: Seen) =>
        host === main.host &&
        endedAt >= killedAt &&
        (outcome === 'busy' ? sentAt < answeredAt : outcome === 'broken' && sentAt < goneAt);
      const unexpected = load.failures.filter((seen) => !isExpected(seen));
      expect(WatchedLoad.summary(unexpected, killedAt)).toEqual([]);
      const longest = Math.max(...load.failures.map(({ sentAt, endedAt }) => endedAt - sentAt));
      expect(longest).toBeLessThan(LONGEST_MS);
      const waited = load.seen.filter(
        ({ host, outcome, sentAt, endedAt }) =>
          host === main.host && outcome === 'right' && sentAt > killedAt && endedAt - sentAt > WAITED_MS,
      );
      expect(waited.length).toBeGreaterThan(0);
    } finally {
      await load.stop();
    }
  });

  it('leads to no other app while the agent is frozen, and to the right one soon afterwards', async () => {
    // Every request waits for a second meanwhile.
    const load = startLoad(RATE / 4);
    const agent = nexos.app('agent');
    let rightFrom: number;
    try {
      await untilSent(load, SOME);
      agent.suspend();
      // The engine would give the first to start the first free address, which another one of its project had.
      const killed = new Map<App, string>();
      for (const app of [topic, main, other]) killed.set(app, await crash(app));
      await Promise.all([...killed].map(([app, id]) => untilRestarted(app, id)));
      await untilSent(load, 3 * SOME);
      const wokenAt = performance.now();
      agent.resume();
      rightFrom = Math.max(...(await untilAnswered(load, wokenAt)).values());
      await untilSent(load, 3 * SOME);
    } finally {
      agent.resume();
      await load.stop();
    }
    expect(load.failures.filter(({ sentAt }) => sentAt > rightFrom)).toEqual([]);
    // Another app would answer 200.
    expect(load.failures.filter(({ detail }) => detail.startsWith('200'))).toEqual([]);
  });
});
