import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
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
  reporter = await Reporter.start(database, system.env.REDIS_URL ?? '');
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
 * @param faultOf returns the fault of a request, by its place among those of this run
 */
async function run(faultOf: (index: number) => Fault | null): Promise<number> {
  const fixture = await DeploymentFixture.create(database);
  const { project } = fixture;
  const installation = await reporter.install(project);
  const pull = reporter.api.pullRequests.open(project.githubRepo, 'main');
  let count = 0;
  rules.add((request) => {
    const isOurs =
      request.includes(`/${project.githubRepo}/`) || request.includes(`/installations/${installation}/`);
    return isOurs ? faultOf(count++) : null;
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

describe('reports to GitHub', () => {
  it('arrive in order and once, whichever request fails, and however', async () => {
    const requests = await run(() => null);
    expect(requests).toBeGreaterThan(15);
    const faults = FAULT_KINDS.flatMap((kind): Fault[] =>
      (canTakeEffect(kind) ? [true, false] : [false]).map((isApplied) => ({ kind, isApplied })),
    );
    const each = byScale({ short: 1, long: faults.length });
    const runs = Array.from({ length: requests * each }, (_, at) => {
      const index = at % requests;
      const fault = faults[(index + Math.floor(at / requests)) % faults.length] ?? null;
      return () => run((request) => (request === index ? fault : null));
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
