import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { DeliveryLists, type DeliveryView } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { repositoryPayload } from '../../support/github-installations/installation-payload.js';
import { InstallationWorker } from '../../support/github-installations/installation-worker.js';
import { deliveryOf, type PushFields } from '../../support/inbox.js';
import { pullRequestPayload } from '../../support/nexos/pull-request-payload.js';
import { deletePayload, repositoryId } from '../../support/nexos/webhook-sender.js';
import { at, deploymentsOf, environmentsOf, sha } from '../../support/rows.js';

let database: TestDatabase;
let strict: InstallationWorker;
let installationId: number;
let repository: string;
let confirmed: ProjectEntity;
let other: ProjectEntity;
let counter = 0;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  strict = await InstallationWorker.start(database, 'connected');
});
afterAll(async () => {
  await strict.api.stop();
  await database.drop();
});
beforeEach(async () => {
  installationId = 100 + ++counter;
  repository = `acme/app-${counter}`;
  confirmed = await strict.project({ repository, installationId });
  other = await strict.project({ repository, installationId, isConfirmed: false });
});

const push = (fields: Partial<PushFields> = {}): PushFields => ({
  repository,
  before: NO_COMMIT,
  after: sha(1),
  second: 1,
  isPrivate: true,
  installationId,
  ...fields,
});
const privately = (payload: Record<string, unknown>) => ({
  ...payload,
  repository: { ...(payload.repository as object), private: true },
});
const resultOf = ({ results }: DeliveryView, { id }: ProjectEntity) => {
  const found = results.find(({ projectId }) => projectId === id);
  return found === undefined ? null : [found.outcome, found.reason];
};
const branchesOf = ({ id }: ProjectEntity) =>
  database.rows('SELECT name, head_sha FROM branches WHERE project_id = $1', [id]);
const WITHHELD = ['ignored', 'access_unconfirmed'];
const DEPLOYED = ['deployed', null];

async function expectNothing(): Promise<void> {
  expect(await branchesOf(other)).toEqual([]);
  expect(await environmentsOf(database, other.id)).toEqual([]);
  expect(await deploymentsOf(database, other.id)).toEqual([]);
}

describe('a project that GitHub did not confirm, and a delivery through the webhook of the App', () => {
  it('learns nothing of a push to a private repository', async () => {
    const delivery = await strict.inbox.acceptAndDrain(push());
    expect(resultOf(delivery, confirmed)).toEqual(DEPLOYED);
    expect(resultOf(delivery, other)).toEqual(WITHHELD);
    await expectNothing();
  });

  it('learns nothing of other events of one', async () => {
    const id = repositoryId(repository);
    const named = { id, isPrivate: true };
    const pull = pullRequestPayload({ repository, action: 'opened', head: 'feature', sha: sha(2) });
    const events: [string, Record<string, unknown>][] = [
      ['delete', privately(deletePayload(repository, 'feature', at(2)))],
      ['pull_request', privately(pull)],
      ['repository', repositoryPayload('edited', repository, { ...named, second: 3 })],
      ['repository', repositoryPayload('deleted', repository, { ...named, second: 4 })],
      [
        'repository',
        {
          ...repositoryPayload('renamed', `${repository}-new`, { ...named, second: 5 }),
          changes: { repository: { name: { from: repository.split('/')[1] } } },
        },
      ],
    ];
    for (const [event, payload] of events) {
      expect([event, resultOf(await strict.deliver(event, payload), other)]).toEqual([event, WITHHELD]);
    }
    expect(await strict.stateOf(other)).toMatchObject({ repository, paused: null });
    expect(await strict.stateOf(confirmed)).toMatchObject({ repository: `${repository}-new` });
    await expectNothing();
  });

  it('goes on with a public repository', async () => {
    const delivery = await strict.inbox.acceptAndDrain(push({ isPrivate: false }));
    expect([resultOf(delivery, confirmed), resultOf(delivery, other)]).toEqual([DEPLOYED, DEPLOYED]);
  });

  it.each(['any', 'no app'] as const)('goes on where GitHub is not asked: %s', async (repositories) => {
    const open = await InstallationWorker.start(database, repositories);
    const delivery = await open.inbox.acceptAndDrain(push());
    expect([resultOf(delivery, confirmed), resultOf(delivery, other)]).toEqual([DEPLOYED, DEPLOYED]);
    await open.api.stop();
  });

  it('goes on if it has had its repository since before GitHub was asked', async () => {
    await database.dataSource.query('UPDATE projects SET predates_access_checks = true WHERE id = $1', [
      other.id,
    ]);
    expect(resultOf(await strict.inbox.acceptAndDrain(push()), other)).toEqual(DEPLOYED);
  });

  it('follows what its own webhook tells', async () => {
    const own = { ...deliveryOf(push()), projectId: other.id };
    await strict.inbox.deliveries.accept([own]);
    await strict.inbox.drain(repository);
    expect(resultOf(await strict.inbox.find(own.id), other)).toEqual(DEPLOYED);
  });

  it('does not follow the new name of a private repository that GitHub lists', async () => {
    const { api } = strict;
    api.install(repository, installationId);
    const renamed = `${repository}-new`;
    api.lists.rename(repository, renamed);
    api.lists.setPrivate(renamed);
    await strict.listAgain();
    expect(await strict.stateOf(confirmed)).toMatchObject({ repository: renamed });
    expect(await strict.stateOf(other)).toMatchObject({ repository });
    api.lists.setPrivate(renamed, false);
    await strict.listAgain();
    expect(await strict.stateOf(other)).toMatchObject({ repository: renamed });
  });
});

describe('the deliveries of a project that GitHub did not confirm', () => {
  const list = (project: ProjectEntity, mayLearn: boolean) => {
    const { id, repositoryKey } = project;
    return new DeliveryLists(database.unitOfWork).ofProject({ id, repositoryKey, mayLearn }, { limit: 10 });
  };
  const HIDDEN = { repository: null, branch: null, commitSha: null };
  const SHOWN = { repository: expect.any(String) as string, branch: 'main', commitSha: sha(1) };

  it('do not say what was pushed to a private repository', async () => {
    await strict.inbox.acceptAndDrain(push());
    expect(await list(other, false)).toMatchObject([{ event: 'push', ...HIDDEN }]);
    expect(await list(confirmed, true)).toMatchObject([SHOWN]);
  });

  it('do not say what a delivery is about while it waits, or after it failed', async () => {
    await strict.inbox.accept(push());
    expect(await list(other, false)).toMatchObject([HIDDEN]);
    expect(await list(other, true)).toMatchObject([SHOWN]);
    await strict.inbox.drain(repository);
    const broken = { ...deliveryOf(push({ id: randomUUID() })), body: gzipSync('{') };
    await strict.inbox.deliveries.accept([broken]);
    await strict.inbox.drain(repository);
    const [failed] = await list(other, false);
    expect(failed).toMatchObject({ outcome: 'failed', ...HIDDEN });
  });

  it('say what a public repository or its own webhook told', async () => {
    await strict.inbox.acceptAndDrain(push({ isPrivate: false }));
    const own = { ...deliveryOf(push({ before: sha(1), after: sha(2), second: 2 })), projectId: other.id };
    await strict.inbox.deliveries.accept([own]);
    expect(await list(other, false)).toMatchObject([{ ...SHOWN, commitSha: sha(2) }, SHOWN]);
  });
});
