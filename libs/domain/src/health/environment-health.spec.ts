import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerExit } from './container-exit.js';
import {
  decideHealth,
  exitsInARow,
  HEALTH_STATES,
  type HealthFacts,
  type HealthState,
  restartBackOffMs,
} from './environment-health.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const S = 1_000;

/** An exit this many seconds ago, of a run that took this many seconds. */
function exit(secondsAgo: number, ran: number, how: Partial<ContainerExit> = {}): ContainerExit {
  const at = NOW - secondsAgo * S;
  return { startedAt: at - ran * S, at, code: 1, isOutOfMemory: false, isUnhealthy: false, ...how };
}
const OOM = { code: 137, isOutOfMemory: true };
const UNHEALTHY = { code: 143, isUnhealthy: true };
/** A container that started this many seconds ago. */
const runningFor = (seconds: number) => ({ since: NOW - seconds * S, outOfMemoryAt: null });
/** Probes that fail since this many seconds. */
const failingFor = (seconds: number, failures = 3) => ({
  failingSince: NOW - seconds * S,
  failures,
  finding: 'does not answer',
  isAddressUnknown: false,
});
const unresolvedFor = (seconds: number) => ({ ...failingFor(seconds), isAddressUnknown: true });
const was = (state: HealthState) => ({ state, message: `was ${state}` });

const GOOD: HealthFacts = {
  subject: 'The app',
  isProbed: true,
  now: NOW,
  liveSince: NOW - 3600 * S,
  memoryMb: 48,
  exits: [],
  running: runningFor(3600),
  agentSeenAt: NOW - 2 * S,
  problem: null,
  probe: { failingSince: null, failures: 0, finding: '', isAddressUnknown: false },
  previous: was('healthy'),
  unreachableAt: null,
};

describe('decideHealth', () => {
  it.each<[string, Partial<HealthFacts>, HealthState, RegExp]>([
    ['an app that runs and answers', {}, 'healthy', /answers/],
    [
      'an app without an address while the agent is silent',
      { agentSeenAt: NOW - 120 * S, running: null, probe: unresolvedFor(60) },
      'unreachable',
      /may well run: .* Tell the operator to check apps\/agent/,
    ],
    [
      'an app without an address that the agent sees run',
      { probe: unresolvedFor(60) },
      'unreachable',
      /Tell the operator to check apps\/agent/,
    ],
    [
      'an app without an address that does not run',
      { running: null, probe: unresolvedFor(60) },
      'unreachable',
      /^(?!.*operator).*does not answer/,
    ],
    [
      'one exit',
      { exits: [exit(1, 500)], running: null },
      'starting',
      /exited with code 1 and is being restarted/,
    ],
    [
      'a restart that does not answer yet',
      { exits: [exit(12, 500)], running: runningFor(10), probe: failingFor(9) },
      'starting',
      /being restarted/,
    ],
    ['a restart that answers', { exits: [exit(12, 500)], running: runningFor(10) }, 'healthy', /answers/],
    [
      'a restart that does not answer for a minute',
      { exits: [exit(90, 500)], running: runningFor(80), probe: failingFor(79) },
      'unreachable',
      /does not answer/,
    ],
    [
      'a second exit soon after the first',
      { exits: [exit(13, 10), exit(2, 10)], running: runningFor(1) },
      'crash_looping',
      /exited with code 1, 2 times in a row.*roll back/,
    ],
    [
      'a loop after 59 stable seconds',
      { exits: [exit(80, 10), exit(60, 10)], running: runningFor(59), previous: was('crash_looping') },
      'crash_looping',
      /2 times/,
    ],
    [
      'a loop after a stable minute',
      { exits: [exit(80, 10), exit(61, 10)], running: runningFor(60), previous: was('crash_looping') },
      'healthy',
      /answers/,
    ],
    [
      'an exit a day after the last',
      { exits: [exit(90000, 5), exit(2, 89000)], running: null },
      'starting',
      /code 1/,
    ],
    [
      'one exit for lack of memory',
      { exits: [exit(2, 10, OOM)], running: null },
      'out_of_memory',
      /out of memory once: it may use 48 MiB. Raise memory_mb/,
    ],
    [
      'a stable minute after it ran out of memory',
      { exits: [exit(62, 10, OOM)], running: runningFor(60), previous: was('out_of_memory') },
      'healthy',
      /answers/,
    ],
    [
      'a process killed for lack of memory in a container that goes on',
      { running: { since: NOW - 500 * S, outOfMemoryAt: NOW - 10 * S } },
      'out_of_memory',
      /ran out of memory.*killed one of its processes.*48 MiB/,
    ],
    [
      'a HEALTHCHECK that failed once',
      { exits: [exit(2, 70, UNHEALTHY)], running: null },
      'crash_looping',
      /HEALTHCHECK in its Dockerfile failed once/,
    ],
    [
      'a HEALTHCHECK that failed a minute after the start, and will again',
      { exits: [exit(150, 70, UNHEALTHY), exit(75, 70, UNHEALTHY)], running: runningFor(72) },
      'crash_looping',
      /failed 2 times/,
    ],
    [
      'an app that stops answering',
      { probe: failingFor(8, 2) },
      'unreachable',
      /The app does not answer.*log/,
    ],
    ['one slow answer', { probe: failingFor(20, 1) }, 'healthy', /answers/],
    ['failures for a few seconds', { probe: failingFor(6, 5) }, 'healthy', /answers/],
    [
      'an app that answers again',
      { previous: was('unreachable'), unreachableAt: NOW - 59 * S },
      'unreachable',
      /answers again/,
    ],
    [
      'an app that has answered for a minute',
      { previous: was('unreachable'), unreachableAt: NOW - 60 * S },
      'healthy',
      /answers/,
    ],
    [
      'a problem that Swarm knows',
      { problem: { message: 'The machine a is down.' } },
      'unreachable',
      /machine a/,
    ],
    [
      'an agent that is silent',
      { agentSeenAt: NOW - 31 * S },
      'unknown',
      /no reports since 2026-11-29T11:59:29/,
    ],
    ['no agent at all', { agentSeenAt: null, running: null }, 'unknown', /^No agent has reported/],
    [
      'no answer, and an agent that is silent',
      { agentSeenAt: NOW - 31 * S, probe: failingFor(20) },
      'unreachable',
      /does not answer/,
    ],
    [
      'a version that has just gone live, before the first report',
      { liveSince: NOW - 2 * S, agentSeenAt: null, running: null },
      'healthy',
      /was healthy/,
    ],
    [
      'a resumed app before the first probe',
      { previous: was('starting'), probe: null },
      'starting',
      /was starting/,
    ],
  ])('%s', (_name, facts, state, message) => {
    const health = decideHealth({ ...GOOD, ...facts });
    expect(health.state).toBe(state);
    expect(health.message).toMatch(message);
  });

  it('always ends in a known state with a message', () => {
    const time = fc.integer({ min: -400, max: 0 }).map((seconds) => NOW + seconds * S);
    const anExit = fc.record({
      startedAt: time,
      at: time,
      code: fc.nat(255),
      isOutOfMemory: fc.boolean(),
      isUnhealthy: fc.boolean(),
    });
    const facts = fc.record({
      subject: fc.constant('The app'),
      isProbed: fc.boolean(),
      now: fc.constant(NOW),
      liveSince: time,
      memoryMb: fc.nat(),
      exits: fc.array(anExit, { maxLength: 5 }),
      running: fc.option(fc.record({ since: time, outOfMemoryAt: fc.option(time) })),
      agentSeenAt: fc.option(time),
      problem: fc.option(fc.constant({ message: 'p' })),
      probe: fc.option(
        fc.record({
          failingSince: fc.option(time),
          failures: fc.nat(5),
          finding: fc.constant('f'),
          isAddressUnknown: fc.boolean(),
        }),
      ),
      previous: fc.option(fc.constantFrom(...HEALTH_STATES).map(was)),
      unreachableAt: fc.option(time),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const { state, message } = decideHealth(some);
        expect(HEALTH_STATES).toContain(state);
        expect(message).not.toBe('');
        // The same facts must give the same state again; otherwise there would be an event every second.
        if (state !== some.previous?.state) {
          const again = decideHealth({ ...some, previous: { state, message }, unreachableAt: NOW });
          expect(again.state).toBe(state);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('restartBackOffMs', () => {
  it('doubles with each exit in a row, from one second to five minutes', () => {
    const pauses = Array.from({ length: 12 }, (_, n) =>
      restartBackOffMs(Array.from({ length: n + 1 }, (__, i) => exit(1000 - i, 1))),
    );
    expect(pauses.map((ms) => ms / S)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('begins again after a run of more than five and a half minutes', () => {
    expect(exitsInARow([exit(900, 1), exit(800, 1), exit(400, 400), exit(1, 5)])).toBe(2);
  });
});
