import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { GithubConfig, NotifyConfig, WorkerConfig } from '@nexos/config';
import type { ProjectEntity } from '@nexos/database';
import { AppInstallations, ConfiguredApp, installationKey, readDelivery } from '@nexos/github';
import { type DeliveryView, GithubReportsRepository, InstallationsRepository } from '@nexos/state';
import { InstallationListing } from '../../../apps/integrations/src/installations/installation-listing.js';
import { InstallationSweeper } from '../../../apps/integrations/src/installations/installation-sweeper.js';
import { InstallationSync } from '../../../apps/integrations/src/installations/installation-sync.js';
import { PauseLog } from '../../../apps/integrations/src/installations/pause-log.js';
import type { TestDatabase } from '../database.js';
import { GithubApi } from '../github-api/github-api.js';
import { Inbox } from '../inbox.js';
import { repositoryId } from '../nexos/webhook-sender.js';
import { insertProject } from '../rows.js';
import { type InstallationEvent, installationPayload, repositoriesPayload } from './installation-payload.js';

const APP_ID = '4242';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A project as a test wants it. */
interface ConnectedProject {
  readonly repository: string;
  readonly installationId?: number;
  readonly isConfirmed?: boolean;
  readonly accountId?: string;
}

/** The part of an integrations worker that keeps installations current, on a test's database and a double of GitHub. */
export class InstallationWorker {
  readonly inbox: Inbox;
  readonly installations: InstallationsRepository;
  /** How long GitHub is waited for. */
  timeoutMs = 5_000;

  private constructor(
    private readonly database: TestDatabase,
    readonly api: GithubApi,
    private readonly github: GithubConfig,
  ) {
    this.inbox = new Inbox(database.dataSource, { github });
    this.installations = new InstallationsRepository(database.unitOfWork);
  }

  /** @param repositories `no app`: without an App and `REPOSITORIES` */
  static async start(
    database: TestDatabase,
    repositories: 'connected' | 'any' | 'no app' = 'any',
  ): Promise<InstallationWorker> {
    const api = await GithubApi.start({ id: APP_ID, publicKey });
    const app = repositories === 'no app' ? {} : { appId: APP_ID, appPrivateKey: PEM, repositories };
    const config = Object.assign(new GithubConfig(), { apiUrl: api.url, ...app });
    return new InstallationWorker(database, api, config);
  }

  /** Does what is due in a process that has just started, so that all installations are compared. */
  async sweep(): Promise<void> {
    const { unitOfWork } = this.database;
    const configured = new ConfiguredApp(this.github);
    const app = new AppInstallations(configured);
    const notify = Object.assign(new NotifyConfig(), { timeoutMs: this.timeoutMs });
    const worker = Object.assign(new WorkerConfig(), { leaseMs: 5_000 });
    const reports = new GithubReportsRepository(unitOfWork);
    const log = new PauseLog();
    const { installations } = this;
    const listing = new InstallationListing(installations, reports, app, log, configured, notify, worker);
    const sync = new InstallationSync(installations, app, notify);
    await new InstallationSweeper(installations, listing, sync, log, configured, worker).sweep();
  }

  /** Has GitHub asked about all installations again, whenever that was due. */
  async listAgain(): Promise<void> {
    await this.database.dataSource.query('DELETE FROM github_pauses');
    await this.database.dataSource.query('UPDATE github_installations SET list_at = now()');
    await this.sweep();
  }

  /** Delivers an `installation` event, and returns what became of it. */
  installation(event: InstallationEvent): Promise<DeliveryView> {
    return this.deliver('installation', installationPayload(event));
  }

  /** Delivers an `installation_repositories` event, and returns what became of it. */
  repositories(event: InstallationEvent): Promise<DeliveryView> {
    return this.deliver('installation_repositories', repositoriesPayload(event));
  }

  /** Delivers an event as GitHub's webhook does, and returns what became of it. */
  async deliver(event: string, payload: Record<string, unknown>): Promise<DeliveryView> {
    const id = randomUUID();
    const { installation, repository } = readDelivery(event, payload);
    const key = installation === null ? (repository ?? '') : installationKey(installation.installationId);
    await this.inbox.deliveries.accept([
      {
        id,
        event,
        repository,
        key: key.toLowerCase(),
        projectId: null,
        branch: null,
        commitSha: null,
        ignoredReason: null,
        body: gzipSync(JSON.stringify(payload)),
      },
    ]);
    await this.inbox.drain(key);
    return this.inbox.find(id);
  }

  /** Inserts a project whose repository is connected. */
  async project({
    repository,
    installationId = 7,
    isConfirmed = true,
    accountId = '',
  }: ConnectedProject): Promise<ProjectEntity> {
    const { manager } = this.database.dataSource;
    const project = await insertProject(manager, { githubRepo: repository, accountId });
    await manager.query(
      `UPDATE projects SET installation_id = $2, repository_id = $3,
         access_checked_at = CASE WHEN $4 THEN now() END WHERE id = $1`,
      [project.id, installationId, repositoryId(repository), isConfirmed],
    );
    return project;
  }

  /** Returns what a project is connected with, and why it is paused. */
  async stateOf({ id }: ProjectEntity): Promise<object | undefined> {
    const [row] = await this.database.rows<object>(
      `SELECT github_repo AS repository, installation_id AS installation, paused_reason AS paused
       FROM projects WHERE id = $1`,
      [id],
    );
    return row;
  }

  /** Returns the known repositories of an installation, by name. */
  async known(installationId: number): Promise<string[]> {
    const rows = await this.database.rows<{ name: string }>(
      'SELECT name FROM github_repositories WHERE installation_id = $1 ORDER BY name',
      [installationId],
    );
    return rows.map(({ name }) => name);
  }

  /** Returns the status of a known installation. */
  async statusOf(installationId: number): Promise<string | undefined> {
    const [row] = await this.database.rows<{ status: string }>(
      'SELECT status FROM github_installations WHERE id = $1',
      [installationId],
    );
    return row?.status;
  }
}
