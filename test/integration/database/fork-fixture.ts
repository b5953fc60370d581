import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BranchChecksConfig, GithubConfig, IngressConfig } from '@nexos/config';
import type { ProjectEntity } from '@nexos/database';
import { forkBranch } from '@nexos/domain';
import { ConfiguredApp, GithubAccess, GithubRequests, PullRequestComments } from '@nexos/github';
import {
  type DeliveryView,
  DueForksRepository,
  ForkApprovalsRepository,
  ForkChecksRepository,
} from '@nexos/state';
import { CheckApprovalHandler } from '../../../apps/integrations/src/forks/check-approval.handler.js';
import { ClosedForkCheck } from '../../../apps/integrations/src/forks/closed-fork-check.js';
import { DeployForksHandler } from '../../../apps/integrations/src/forks/deploy-forks.handler.js';
import type { TestDatabase } from '../../support/database.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import { Inbox } from '../../support/inbox.js';
import { type CheckFields, checkPayload } from '../../support/nexos/check-payload.js';
import { type PullRequestFields, pullRequestPayload } from '../../support/nexos/pull-request-payload.js';
import { type ReviewFields, reviewPayload } from '../../support/nexos/review-payload.js';
import { BASE_DOMAIN, deploymentsOf, environmentsOf, insertProject, sha } from '../../support/rows.js';

export const APP_ID = 4242;
/** The number of the fork's pull request. */
export const NUMBER = 5;
export const MAINTAINER = { id: 77, login: 'maintainer' };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { signal } = new AbortController();

/** A project that deploys approved commits of forks, and a double of GitHub that knows who may approve them. */
export class ForkFixture {
  readonly inbox: Inbox;
  private readonly handler: CheckApprovalHandler;
  private readonly dueForks: DeployForksHandler;
  private readonly closedForks: ClosedForkCheck;

  private constructor(
    private readonly database: TestDatabase,
    readonly api: GithubApi,
    readonly project: ProjectEntity,
  ) {
    const config = { apiUrl: api.url, appId: String(APP_ID), appPrivateKey: PEM };
    const app = new ConfiguredApp(Object.assign(new GithubConfig(), config));
    const requests = new GithubRequests(app);
    const { unitOfWork } = database;
    this.inbox = new Inbox(database.dataSource, {}, requests);
    const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
    const approvals = new ForkApprovalsRepository(unitOfWork);
    this.dueForks = new DeployForksHandler(new DueForksRepository(unitOfWork), ingress);
    const pulls = new PullRequestComments(requests);
    const checks = new ForkChecksRepository(unitOfWork);
    this.closedForks = new ClosedForkCheck(checks, pulls, new BranchChecksConfig(), app);
    this.handler = new CheckApprovalHandler(unitOfWork, approvals, new GithubAccess(app), ingress, app);
  }

  static async create(database: TestDatabase): Promise<ForkFixture> {
    const api = await GithubApi.start({ id: String(APP_ID), publicKey });
    const project = await insertProject(database.dataSource.manager);
    const fixture = new ForkFixture(database, api, project);
    await fixture.set(`pull_request_forks = 'approved', installation_id = 7, access_checked_at = now()`);
    api.install(project.githubRepo, 7);
    api.repositories.permit(project.githubRepo, MAINTAINER, 'write');
    return fixture;
  }

  /** @param change SQL that sets columns of the project */
  async set(change: string): Promise<void> {
    await this.database.dataSource.query(`UPDATE projects SET ${change} WHERE id = $1`, [this.project.id]);
  }

  /** Takes in an event of the fork's pull request, whose head is called main. */
  pullRequest(action: string, fields: Partial<PullRequestFields> = {}, projectId: string | null = null) {
    const given = { head: 'main', sha: sha(1), number: NUMBER, isFork: true, ...fields };
    const payload = pullRequestPayload({ repository: this.project.githubRepo, action, ...given });
    return this.take('pull_request', payload, { branch: null, commitSha: null, projectId });
  }

  /** Takes in a review; GitHub is not asked about it. */
  review(fields: Partial<ReviewFields> = {}, projectId: string | null = null): Promise<DeliveryView> {
    const given = { head: 'main', sha: sha(1), number: NUMBER, second: 2, reviewer: MAINTAINER, ...fields };
    const payload = reviewPayload({ repository: this.project.githubRepo, ...given });
    const commitSha = given.reviewed ?? given.sha;
    return this.take('pull_request_review', payload, { branch: forkBranch(NUMBER), commitSha, projectId });
  }

  /** Takes in a request to run checks again. */
  rerun(fields: Partial<CheckFields> = {}): Promise<DeliveryView> {
    const repository = this.project.githubRepo;
    const { event, payload } = checkPayload({ repository, sha: sha(1), appId: APP_ID, ...fields });
    return this.take(event, payload, { branch: null, commitSha: sha(1), projectId: null });
  }

  /** Asks GitHub about the approvals that are due. */
  async answer(): Promise<void> {
    const due = await new ForkApprovalsRepository(this.database.unitOfWork).findDue(10);
    for (const approvalId of due) await this.handler.handle({ approvalId }, signal);
  }

  /** Deploys what is due since a pause ended. */
  deployDue(): Promise<void> {
    return this.dueForks.handle({ projectId: this.project.id });
  }

  /** Asks GitHub which pull requests are closed, as the hourly check does. */
  checkClosed(): Promise<void> {
    return this.closedForks.run(this.project.repositoryKey, signal);
  }

  /** Opens the pull request and has its commit approved and deployed. */
  async deploy(): Promise<void> {
    await this.pullRequest('opened');
    await this.review();
    await this.answer();
  }

  /** Returns the commits and statuses of the fork's deployments. */
  async deployments(branch = forkBranch(NUMBER)): Promise<(string | null)[][]> {
    const rows = await deploymentsOf(this.database, this.project.id, branch);
    return rows.map(({ commitSha, status }) => [commitSha, status]);
  }

  environments(branch = forkBranch(NUMBER)) {
    return environmentsOf(this.database, this.project.id, branch);
  }

  async take(
    event: string,
    payload: object,
    about: { branch: string | null; commitSha: string | null; projectId: string | null },
  ): Promise<DeliveryView> {
    const id = randomUUID();
    const repository = this.project.githubRepo;
    const body = gzipSync(JSON.stringify(payload));
    await this.inbox.deliveries.accept([{ id, event, repository, ignoredReason: null, ...about, body }]);
    await this.inbox.drain(repository);
    return this.inbox.find(id);
  }
}
