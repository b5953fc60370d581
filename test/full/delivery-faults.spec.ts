import { randomUUID } from 'node:crypto';
import { INTEGRATIONS_FAULT_POINTS, type IntegrationsFaultPoint } from '@nexos/config';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { quotaDrift } from '../support/nexos/quota-drift.js';
import { pullRequestPayload } from '../support/nexos/pull-request-payload.js';
import { TestProject } from '../support/nexos/test-project.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';
import { sample } from '../support/scale.js';

const sha = (number: number) => number.toString(16).padStart(40, '0');
const NOW = Math.floor(Date.now() / 1000) - 3_600;

let nexos: NexosStack;
let project: TestProject;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: { SWEEP_MS: '300', QUEUE_LOCK_MS: '1000', QUEUE_STALLED_MS: '500', LEASE_MS: '1000' },
  });
});
afterAll(async () => {
  const drift = await quotaDrift(nexos);
  await nexos.stop();
  expect(drift).toEqual([]);
});
beforeEach(async () => {
  // Otherwise a worker that should die in this test could die of the previous test's job.
  await eventually('no job to be left', async () => ((await countJobs()) === 0 ? true : undefined));
  project = await TestProject.create(nexos);
});

/** Counts the waiting and active jobs of the integrations workers. */
async function countJobs(): Promise<number> {
  const redis = new Redis(nexos.env.REDIS_URL ?? '');
  try {
    const lists = ['deliveries', 'branches'].flatMap((queue) =>
      ['wait', 'active'].map((state) => redis.llen(`${nexos.instance}:${queue}:${state}`)),
    );
    return (await Promise.all(lists)).reduce((sum, length) => sum + length, 0);
  } finally {
    redis.disconnect();
  }
}

/** Delivers the push that moves the branch to that commit; returns once it is accepted. */
async function accept(number: number, { before = number - 1, second = number } = {}): Promise<string> {
  const push = {
    repository: project.fullName,
    branch: 'main',
    before: before === 0 ? NO_COMMIT : sha(before),
    after: sha(number),
    pushedAt: NOW + second,
  };
  const receipt = await nexos.webhooks.receive('push', pushPayload(push), { id: randomUUID() });
  expect(receipt.outcome).toBe('accepted');
  return receipt.delivery;
}
const commits = () =>
  nexos.column<string>('SELECT commit_sha FROM deployments WHERE project_id = $1 ORDER BY id', [project.id]);
const countInDoubt = async () => {
  const [count] = await nexos.column<number>(
    'SELECT count(*)::integer FROM branches WHERE project_id = $1 AND in_doubt_since IS NOT NULL',
    [project.id],
  );
  return count;
};

/** Runs `work` while the only worker is one that dies at the fault point; then a normal worker takes over. */
async function withWorkerDyingAt(point: IntegrationsFaultPoint, work: () => Promise<void>): Promise<void> {
  await nexos.app('integrations').stop('SIGTERM');
  const worker = nexos.secondProcess('integrations', { NEXOS_FAULT_POINT: point });
  try {
    worker.start();
    await work();
    expect(await worker.waitForExit(), point).toBe('SIGKILL');
  } finally {
    await worker.stop('SIGKILL');
    nexos.app('integrations').start();
  }
}

const POINTS = {
  delivery: INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith('delivery.')),
  lookup: INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith('lookup.')),
  check: INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith('check.')),
};

describe('the integrations worker', () => {
  it.each(sample(POINTS.delivery, 2))(
    'processes deliveries exactly once after a crash at %s',
    async (point) => {
      const ids: string[] = [];
      await withWorkerDyingAt(point, async () => {
        for (const number of [1, 2]) ids.push(await accept(number));
      });
      for (const id of ids) {
        // Exactly once: what was committed before the crash is not repeated.
        expect(await nexos.api.waitForDelivery(id)).toMatchObject({ outcome: 'deployed', attempts: 1 });
      }
      expect(await commits()).toEqual([sha(1), sha(2)]);
      expect(await nexos.column('SELECT head_sha FROM branches WHERE project_id = $1', [project.id])).toEqual(
        [sha(2)],
      );
    },
  );

  it('fails a delivery that crashes the worker repeatedly, and processes the next one', async () => {
    await nexos.app('integrations').stop('SIGTERM');
    const worker = nexos.secondProcess('integrations', {
      NEXOS_FAULT_POINT: 'delivery.applied',
      DELIVERY_ATTEMPTS: '2',
    });
    try {
      const poison = await accept(1);
      let crashes = 0;
      for (; crashes < 12; crashes++) {
        worker.start();
        const end = await eventually('the worker to die, or the delivery to end', async () => {
          if (worker.hasExited) return 'died';
          const { outcome } = await nexos.api.get<{ outcome: string }>(`/webhooks/deliveries/${poison}`);
          return outcome === 'accepted' ? undefined : 'processed';
        });
        if (end === 'processed') break;
        await worker.waitForExit();
      }
      expect(crashes).toBeGreaterThan(2);
      expect(await nexos.api.waitForDelivery(poison)).toMatchObject({ outcome: 'failed', attempts: 2 });
    } finally {
      await worker.stop('SIGKILL');
      nexos.app('integrations').start();
    }
    expect(await nexos.api.waitForDelivery(await accept(2))).toMatchObject({ outcome: 'deployed' });
    expect(await commits()).toEqual([sha(2)]);
  });

  it.each(sample([...POINTS.delivery, ...POINTS.lookup], 3))(
    'deploys and destroys the branch of a pull request exactly once after a crash at %s',
    async (point) => {
      await nexos.api.request('PATCH', `/projects/${project.id}`, { deploy_on: 'pull_request' });
      const head = 'feature';
      const tip = await project.commit({ 'a.txt': randomUUID() }, head);
      const receive = async (action: string, second: number) => {
        const payload = pullRequestPayload({ repository: project.fullName, action, head, sha: tip, second });
        return (await nexos.webhooks.receive('pull_request', payload)).delivery;
      };
      let opened = '';
      await withWorkerDyingAt(point, async () => {
        opened = await receive('opened', 1);
      });
      await eventually('the branch to be deployed', async () =>
        (await nexos.api.waitForDelivery(opened)).outcome === 'deployed' ? true : undefined,
      );
      expect(await commits()).toEqual([tip]);
      const closed = await receive('closed', 2);
      expect(await nexos.api.waitForDelivery(closed)).toMatchObject({ outcome: 'destroyed', attempts: 1 });
      expect(
        await nexos.column('SELECT branch FROM environments WHERE project_id = $1', [project.id]),
      ).toEqual([head]);
    },
  );

  it.each(sample(POINTS.lookup, 2))(
    'looks up a branch in doubt exactly once after a crash at %s',
    async (point) => {
      const tip = await project.commit({ 'a.txt': randomUUID() });
      await nexos.api.waitForDelivery(await accept(1));
      let doubtful = '';
      await withWorkerDyingAt(point, async () => {
        // Pushed in the same second, on top of an unknown commit.
        doubtful = await accept(9, { before: 8, second: 1 });
      });
      await nexos.api.waitForDelivery(doubtful);
      await eventually('no branch to be in doubt', async () =>
        (await countInDoubt()) === 0 ? true : undefined,
      );
      // The remote has the branch at another commit than the delivery.
      expect(await nexos.api.waitForDelivery(doubtful)).toMatchObject({
        outcome: 'ignored',
        reason: 'older',
      });
      expect(await commits()).toEqual([sha(1), tip]);
    },
  );

  it.each(sample(POINTS.check, 2))(
    'deploys a push without a webhook exactly once after a crash at %s',
    async (point) => {
      const first = await project.push({ 'a.txt': randomUUID() });
      const tip = await project.commit({ 'a.txt': randomUUID() });
      await withWorkerDyingAt(point, async () => {
        await nexos.column(
          `UPDATE environments SET created_at = created_at - interval '2 hours' WHERE project_id = $1 RETURNING id`,
          [project.id],
        );
      });
      await eventually('the repository to be checked', async () => {
        const checked = await nexos.column(
          `SELECT 1 FROM branch_lookups JOIN projects USING (repository_key)
         WHERE projects.id = $1 AND checked_at IS NOT NULL AND claimed_until IS NULL`,
          [project.id],
        );
        return checked.length > 0 && (await countInDoubt()) === 0 ? true : undefined;
      });
      expect(await commits()).toEqual([first, tip]);
    },
  );
});

describe('the delivery inbox', () => {
  it('processes accepted deliveries even if Redis is wiped before a worker sees their jobs', async () => {
    await nexos.app('integrations').stop('SIGTERM');
    const ids = [await accept(1), await accept(2)];
    await eventually('their jobs to be on the queue', async () =>
      (await nexos.column('SELECT 1 FROM outbox')).length === 0 ? true : undefined,
    );
    await nexos.wipeRedis();
    nexos.app('integrations').start();
    for (const id of ids) expect(await nexos.api.waitForDelivery(id)).toMatchObject({ outcome: 'deployed' });
    expect(await commits()).toEqual([sha(1), sha(2)]);
  });

  it('keeps the order of deliveries between two workers when one is killed midway', async () => {
    const other = nexos.secondProcess('integrations');
    other.start();
    try {
      const ids: string[] = [];
      for (let number = 1; number <= 60; number++) {
        ids.push(await accept(number));
        if (number === 30) await nexos.app('integrations').stop('SIGKILL');
      }
      nexos.app('integrations').start();
      for (const id of ids) {
        expect(await nexos.api.waitForDelivery(id)).toMatchObject({ outcome: 'deployed', attempts: 1 });
      }
      expect(await commits()).toEqual(ids.map((_, n) => sha(n + 1)));
    } finally {
      await other.stop('SIGTERM');
    }
  });

  it('processes deliveries once and in order when a worker freezes midway and resumes later', async () => {
    const other = nexos.secondProcess('integrations');
    try {
      const ids: string[] = [];
      for (let number = 1; number <= 40; number++) {
        ids.push(await accept(number));
        if (number === 10) {
          nexos.app('integrations').suspend();
          other.start();
        }
      }
      for (const id of ids.slice(0, -1)) {
        expect(await nexos.api.waitForDelivery(id)).toMatchObject({ outcome: 'deployed' });
      }
      nexos.app('integrations').resume();
      const last = await accept(41);
      expect(await nexos.api.waitForDelivery(last)).toMatchObject({ outcome: 'deployed' });
      expect(await commits()).toEqual([...ids, last].map((_, n) => sha(n + 1)));
    } finally {
      nexos.app('integrations').resume();
      await other.stop('SIGTERM');
    }
  });
});
