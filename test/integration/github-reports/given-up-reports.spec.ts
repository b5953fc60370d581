import {
  InstallationsRepository,
  recordConfirmed,
  recordInstallation,
  type ToldInstallation,
} from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { ownerId } from '../../support/github-api/installation-lists.js';
import { Reporter } from '../../support/github-reports/reporter.js';
import { toldOf } from '../../support/github-reports/told.js';
import { repositoryId } from '../../support/nexos/webhook-sender.js';
import { DeploymentFixture } from '../database/deployment-fixture.js';

let database: TestDatabase;
let reporter: Reporter;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  reporter = await Reporter.start(database, system.env.REDIS_URL ?? '');
});
afterAll(async () => {
  await reporter.stop();
  await database.drop();
});

const ALL = { checks: 'write', deployments: 'write', pull_requests: 'write' } as const;
const RULE = { requiresConnection: false };
const TOLD = { checks: [['Live']], deployments: [['Live']] };

const REFUSED = expect.stringContaining('lacks the permission') as string;

/** Has GitHub refuse the reports of a live deployment, and then grants what was missing. */
async function refusedReports() {
  const fixture = await DeploymentFixture.create(database);
  const { id: projectId, githubRepo: repository } = fixture.project;
  const installation = await reporter.install(fixture.project);
  reporter.api.installations.grant(installation, {});
  await fixture.reach('live');
  await reporter.tell(projectId);
  expect((await reporter.of(projectId)).map(({ error }) => error)).toEqual([REFUSED, REFUSED, REFUSED]);
  reporter.api.installations.grant(installation, ALL);
  const [login = ''] = repository.split('/');
  const owner = { id: String(ownerId(login)), login, type: 'Organization' };
  return { projectId, repository, installationId: String(installation), owner };
}

const tell = (told: Pick<ToldInstallation, 'installationId' | 'owner' | 'isGranted'>) =>
  database.unitOfWork.run((transaction) =>
    recordInstallation(
      transaction,
      {
        selection: 'all',
        status: 'active',
        updatedAt: new Date(),
        added: [],
        removed: [],
        installerId: null,
        seq: '1',
        ...told,
      },
      RULE,
    ),
  );

/** Notes that an installation is suspended. */
async function suspended(id: string, owner: ToldInstallation['owner']) {
  const installations = new InstallationsRepository(database.unitOfWork);
  const described = { id, owner, selection: 'all', updatedAt: new Date() } as const;
  await installations.add({ ...described, status: 'suspended' });
  return { installations, described };
}

describe('reports that were given up', () => {
  it('are tried again once the owner of the installation granted what was missing', async () => {
    const { projectId, repository, installationId, owner } = await refusedReports();
    await tell({ installationId, owner, isGranted: false });
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository)).toEqual({ checks: [], deployments: [] });
    await tell({ installationId, owner, isGranted: true });
    expect((await reporter.of(projectId)).every(({ version, toldVersion }) => version > toldVersion)).toBe(
      true,
    );
    await reporter.send(projectId);
    expect(toldOf(reporter.api, repository)).toEqual(TOLD);
    expect((await reporter.of(projectId)).map(({ error }) => error)).toEqual([null, null, null]);
  });

  it('are tried again when GitHub says that the installation is no longer suspended', async () => {
    const { projectId, repository, installationId: id, owner } = await refusedReports();
    const { installations, described } = await suspended(id, owner);
    await database.dataSource.query(
      `UPDATE github_installations SET list_at = now() + CASE WHEN id = $1 THEN '0' ELSE '1 day' END::interval`,
      [id],
    );
    const [claim] = await installations.claimDue(60_000, 1);
    if (claim === undefined) throw new Error('the installation was not due');
    const listed = [
      {
        id: String(repositoryId(repository)),
        name: repository,
        isPrivate: false,
        defaultBranch: 'main',
        updatedAt: null,
      },
    ];
    await installations.record(claim, { ...described, status: 'active' }, listed, RULE);
    await reporter.send(projectId);
    expect(toldOf(reporter.api, repository)).toEqual(TOLD);
  });

  it('are tried again when GitHub confirms a repository of an installation that was suspended', async () => {
    const { projectId, repository, installationId, owner } = await refusedReports();
    await suspended(installationId, owner);
    const confirmed = {
      id: String(repositoryId(repository) + 1),
      installationId,
      name: `${owner.login}/other`,
      isPrivate: false,
      defaultBranch: 'main',
    };
    await database.unitOfWork.run((transaction) => recordConfirmed(transaction, confirmed));
    await reporter.send(projectId);
    expect(toldOf(reporter.api, repository)).toEqual(TOLD);
  });

  it('are tried again when GitHub has an installation that was removed', async () => {
    const { projectId, repository, installationId, owner } = await refusedReports();
    const { installations } = await suspended(installationId, owner);
    await database.dataSource.query(`UPDATE github_installations SET status = 'removed' WHERE id = $1`, [
      installationId,
    ]);
    const known = (await installations.known()).find(({ id }) => id === installationId);
    if (known === undefined) throw new Error('the installation is not known');
    expect(await installations.doubt(known, true)).toBe(true);
    await reporter.send(projectId);
    expect(toldOf(reporter.api, repository)).toEqual(TOLD);
  });
});
