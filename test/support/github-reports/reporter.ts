import { generateKeyPairSync } from 'node:crypto';
import { GithubConfig, IngressConfig, NotifyConfig, RedisConfig } from '@nexos/config';
import type { GithubReportEntity, ProjectEntity } from '@nexos/database';
import {
  CheckRuns,
  ConfiguredApp,
  GithubDeployments,
  GithubRequests,
  PullRequestComments,
} from '@nexos/github';
import { BuildLog } from '@nexos/logs';
import {
  EventsRepository,
  GithubReportsRepository,
  LogsRepository,
  ReportFactsRepository,
} from '@nexos/state';
import { Redis } from 'ioredis';
import { EventDispatcher } from '../../../apps/integrations/src/events/event-dispatcher.js';
import {
  DeploymentEventHandler,
  EnvironmentEventHandler,
} from '../../../apps/integrations/src/events/event.handlers.js';
import { CheckReporter } from '../../../apps/integrations/src/github/check-reporter.js';
import { CommentReporter } from '../../../apps/integrations/src/github/comment-reporter.js';
import { DeploymentReporter } from '../../../apps/integrations/src/github/deployment-reporter.js';
import { ReportAttempts } from '../../../apps/integrations/src/github/report-attempts.js';
import { ReportSender } from '../../../apps/integrations/src/github/report-sender.js';
import { ReportConsumer } from '../../../apps/integrations/src/github/report.consumer.js';
import type { TestDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { GithubApi } from '../github-api/github-api.js';
import { BASE_DOMAIN } from '../rows.js';

const APP_ID = '4242';
const { signal } = new AbortController();
const LEASE_MS = 5_000;

type Report = Pick<GithubReportEntity, 'id' | 'kind' | 'state' | 'error' | 'version' | 'toldVersion'>;

/** The part of an integrations worker that tells GitHub, on a test's database and a double of GitHub. */
export class Reporter {
  readonly reports: GithubReportsRepository;
  readonly sender: ReportSender;
  readonly attempts: ReportAttempts;
  readonly log: BuildLog;
  private readonly events: EventsRepository;
  private readonly dispatcher: EventDispatcher;
  private installations = 100;

  private constructor(
    private readonly database: TestDatabase,
    readonly api: GithubApi,
    privateKey: string,
    private readonly redis: Redis,
    settings: Partial<NotifyConfig>,
    repositories: GithubConfig['repositories'] = 'any',
  ) {
    const { unitOfWork } = database;
    const config = Object.assign(new NotifyConfig(), { retryMs: 10, timeoutMs: 30_000, ...settings });
    const github = Object.assign(new GithubConfig(), {
      apiUrl: api.url,
      appId: APP_ID,
      appPrivateKey: privateKey,
      repositories,
    });
    const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
    const configured = new ConfiguredApp(github);
    const requests = new GithubRequests(configured);
    const facts = new ReportFactsRepository(unitOfWork);
    this.reports = new GithubReportsRepository(unitOfWork);
    const redisConfig = Object.assign(new RedisConfig(), { prefix: 'reports' });
    this.log = new BuildLog(unitOfWork, new LogsRepository(unitOfWork), redis, redisConfig);
    this.attempts = new ReportAttempts(
      this.reports,
      new CheckReporter(facts, new CheckRuns(requests), this.log, ingress),
      new DeploymentReporter(facts, new GithubDeployments(requests), ingress),
      new CommentReporter(facts, new PullRequestComments(requests), ingress, github),
      configured,
      config,
    );
    this.sender = new ReportSender(this.reports, this.attempts, config);
    this.events = new EventsRepository(unitOfWork);
    this.dispatcher = new EventDispatcher([new ReportConsumer(unitOfWork, requests)]);
  }

  static async start(
    database: TestDatabase,
    redisUrl: string,
    settings: Partial<NotifyConfig> = {},
    repositories?: GithubConfig['repositories'],
  ): Promise<Reporter> {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const api = await GithubApi.start({ id: APP_ID, publicKey });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return new Reporter(database, api, pem, new Redis(redisUrl), settings, repositories);
  }

  async stop(): Promise<void> {
    await this.sender.beforeApplicationShutdown();
    await this.api.stop();
    this.redis.disconnect();
  }

  /** Installs the App on the project's repository, as the project knows from a push. Returns the installation's id. */
  async install(project: ProjectEntity): Promise<number> {
    const id = ++this.installations;
    this.api.install(project.githubRepo, id);
    await this.database.dataSource.query('UPDATE projects SET installation_id = $2 WHERE id = $1', [
      project.id,
      id,
    ]);
    return id;
  }

  /** Dispatches the events of a project that have not been. */
  async dispatch(projectId: string, order: 'ASC' | 'DESC' = 'ASC'): Promise<void> {
    for (const kind of ['environment', 'deployment'] as const) {
      const rows = await this.database.rows<{ seq: string }>(
        `SELECT seq FROM ${kind}_events WHERE project_id = $1 AND passed_on_at IS NULL ORDER BY seq ${order}`,
        [projectId],
      );
      const Handler = kind === 'deployment' ? DeploymentEventHandler : EnvironmentEventHandler;
      const handler = new Handler(this.events, this.dispatcher);
      for (const { seq } of rows) await handler.handle({ seq }, signal);
    }
  }

  /** Dispatches events, and tells GitHub of one report after the other until it knows all, or nothing more can be told. */
  async tell(projectId: string): Promise<void> {
    await this.dispatch(projectId);
    await eventually(
      'GitHub to know all of a project',
      async () => {
        const left = (await this.of(projectId)).filter(({ version, toldVersion }) => version !== toldVersion);
        for (const { id } of left) {
          const claimed = await this.reports.claim(id, LEASE_MS);
          if (claimed !== null) await this.attempts.run(claimed, signal);
        }
        return left.length === 0 ? true : undefined;
      },
      { everyMs: 10, deadlineMs: 60_000 },
    );
  }

  /** Wakes the sender until GitHub knows all of a project. */
  async send(projectId: string): Promise<void> {
    await eventually(
      'the sender to tell all of a project',
      async () => {
        const left = (await this.of(projectId)).filter(({ version, toldVersion }) => version !== toldVersion);
        for (const { id } of left) this.sender.wake(id);
        return left.length === 0 ? true : undefined;
      },
      { everyMs: 20, deadlineMs: 60_000 },
    );
  }

  /** Returns the reports of a project, by kind. */
  of(projectId: string): Promise<Report[]> {
    return this.database.rows<Report>(
      `SELECT id, kind, state, error, version, told_version AS "toldVersion" FROM github_reports
       WHERE project_id = $1 ORDER BY kind, id`,
      [projectId],
    );
  }
}
