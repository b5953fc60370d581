import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { CALLS, callsInSources, isCall } from '../../support/github-api/calls.js';
import { canTakeEffect, FAULT_KINDS, type Fault } from '../../support/github-api/faults.js';
import { Reporter } from '../../support/github-reports/reporter.js';
import { statusesIn, toldOf } from '../../support/github-reports/told.js';
import { byScale } from '../../support/scale.js';
import { DeploymentFixture } from '../database/deployment-fixture.js';

let database: TestDatabase;
let reporter: Reporter;
/** The faults of the runs, which may be side by side. */
const rules = new Set<(request: string) => Fault | null>();
/** Runs that are side by side. */
const AT_ONCE = 6;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  reporter = await Reporter.start(database, system.env.REDIS_URL ?? '', { timeoutMs: 1_000 });
  reporter.api.failWhen((request) => {
    for (const rule of rules) {
      const fault = rule(request);
      if (fault !== null) return fault;
    }
    return null;
  });
});
afterAll(async () => {
  await reporter.stop();
  await database.drop();
});

const STATES = ['Queued', 'Building', 'Deploying', 'Live'];

/**
 * Takes a deployment from the queue to its end, telling GitHub of each state. Returns how many requests that took.
 *
 * @param faultOf returns the fault of a request, by its place among those of this run, or by its name
 */
async function run(faultOf: (index: number, request: string) => Fault | null): Promise<number> {
  const fixture = await DeploymentFixture.create(database);
  const { project } = fixture;
  const installation = await reporter.install(project);
  const pull = reporter.api.pullRequests.open(project.githubRepo, 'main');
  let count = 0;
  rules.add((request) => {
    const isOurs =
      request.includes(`/${project.githubRepo}/`) || request.includes(`/installations/${installation}/`);
    return isOurs ? faultOf(count++, request) : null;
  });
  const tell = () => reporter.tell(project.id);
  const id = await fixture.reach('queued');
  await tell();
  await fixture.claim(id, 1);
  await tell();
  await fixture.build(id);
  await tell();
  await fixture.rollOut(id);
  await tell();
  await fixture.destroy();
  await tell();
  expect(toldOf(reporter.api, project.githubRepo)).toEqual({
    checks: [STATES],
    deployments: [[...STATES, 'The environment is destroyed']],
  });
  expect(pull.comments).toHaveLength(1);
  expect(statusesIn(pull.comments[0]?.bodies ?? [])).toEqual([...STATES, 'Destroyed']);
  expect(reporter.api.malformed).toEqual([]);
  return count;
}

/** Has the first request of a call fail. If it is only made in doubt, the call that it looks for fails before. */
async function failOnce(call: string, fault: Fault): Promise<void> {
  const use = CALLS[call];
  const left = [{ call, fault }];
  if (use?.by === 'doubt') {
    left.unshift({ call: use.about, fault: { kind: 'dropped connection', isApplied: fault.isApplied } });
  }
  await run((_, request) => {
    const [next] = left;
    if (next === undefined || !isCall(request, next.call)) return null;
    left.shift();
    return next.fault;
  });
  expect(left, `${call} was not made`).toEqual([]);
}

const REPORT_CALLS = Object.keys(CALLS).filter((call) => CALLS[call]?.by !== 'other');
/**
 * Each call fails in each way. A short run has a quarter of them, in which each call and each kind occurs; whether a request
 * took effect that seems to have failed alternates in it.
 */
const CASES = REPORT_CALLS.flatMap((call, place) =>
  FAULT_KINDS.flatMap((kind, at) => {
    const isChosen = byScale({ short: (place * 3 + at) % 4, long: 0 }) === 0;
    const both = byScale({ short: 1, long: 2 }) === 2 ? [true, false] : [place % 2 === 0];
    const faults = (canTakeEffect(kind) ? both : [false]).map((isApplied) => ({ kind, isApplied }));
    return isChosen ? [{ call, kind, faults }] : [];
  }),
);

describe('reports to GitHub', () => {
  it('know every call that Nexos makes to GitHub', async () => {
    const calls = await callsInSources();
    expect(calls).toEqual(Object.keys(CALLS).sort());
    for (const use of Object.values(CALLS))
      if (use.by === 'other') expect(existsSync(use.spec), use.spec).toBe(true);
  });

  it.concurrent.each(CASES)(
    'arrive in order and once after $call failed: $kind',
    async ({ call, faults }) => {
      for (const fault of faults) await failOnce(call, fault);
    },
  );

  it('arrive in order and once, whichever request fails', async () => {
    const requests = await run(() => null);
    expect(requests).toBeGreaterThan(15);
    if (byScale({ short: 0, long: 1 }) === 0) return;
    const runs = Array.from({ length: requests }, (_, index) => {
      const kind = FAULT_KINDS[index % FAULT_KINDS.length] ?? '500';
      return () => run((request) => (request === index ? { kind, isApplied: canTakeEffect(kind) } : null));
    });
    const one = async (): Promise<void> => {
      for (let next = runs.pop(); next !== undefined; next = runs.pop()) await next();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  });

  it.concurrent.each(FAULT_KINDS)('arrive after an outage of several requests: %s', async (kind) => {
    await run((at) => (at >= 6 && at < 8 ? { kind, isApplied: true } : null));
  });
});
