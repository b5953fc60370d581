import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { BranchLookupsRepository, type DeliveryView, settleDoubt } from '@nexos/state';
import type { TestDatabase } from '../../support/database.js';
import { Inbox, type PushFields } from '../../support/inbox.js';
import { type PullRequestFields, pullRequestPayload } from '../../support/nexos/pull-request-payload.js';
import { BASE_DOMAIN, deploymentsOf, environmentsOf, insertProject, sha } from '../../support/rows.js';

const BRANCH = 'feature';

/** A project that deploys pull requests, and the branch `feature`. Pushes and events pass through the inbox. */
export class PullRequestFixture {
  readonly inbox: Inbox;

  private constructor(
    private readonly database: TestDatabase,
    readonly project: ProjectEntity,
  ) {
    this.inbox = new Inbox(database.dataSource);
  }

  static async create(database: TestDatabase): Promise<PullRequestFixture> {
    const fixture = new PullRequestFixture(database, await insertProject(database.dataSource.manager));
    await fixture.set(`deploy_on = 'pull_request'`);
    return fixture;
  }

  /** @param change SQL that sets columns of the project */
  async set(change: string): Promise<void> {
    await this.database.dataSource.query(`UPDATE projects SET ${change} WHERE id = $1`, [this.project.id]);
  }

  /** Takes in a push, by default the first one to `feature`. */
  push(fields: Partial<PushFields> = {}): Promise<DeliveryView> {
    const first = { branch: BRANCH, before: NO_COMMIT, after: sha(1), second: 1 };
    return this.inbox.acceptAndDrain({ repository: this.project.githubRepo, ...first, ...fields });
  }

  /** Accepts an event of a pull request from `feature` at `sha(1)`, and returns the delivery's id. */
  async accept(
    action: string,
    fields: Partial<PullRequestFields> = {},
    projectId: string | null = null,
  ): Promise<string> {
    const repository = this.project.githubRepo;
    const given = { repository, head: BRANCH, sha: sha(1), action, ...fields };
    const delivery = {
      id: randomUUID(),
      event: 'pull_request',
      repository,
      projectId,
      ignoredReason: null,
      branch: given.isFork === true ? null : given.head,
      commitSha: given.isFork === true ? null : given.sha,
      body: gzipSync(JSON.stringify(pullRequestPayload(given))),
    };
    await this.inbox.deliveries.accept([delivery]);
    return delivery.id;
  }

  /** Accepts and processes an event of a pull request. */
  async take(
    action: string,
    fields: Partial<PullRequestFields> = {},
    projectId: string | null = null,
  ): Promise<DeliveryView> {
    const id = await this.accept(action, fields, projectId);
    await this.inbox.drain(this.project.githubRepo);
    return this.inbox.find(id);
  }

  /** Replays a delivery. */
  async replay(id: string, force = false): Promise<DeliveryView> {
    await this.inbox.replay(id, force);
    await this.inbox.drain(this.project.githubRepo);
    return this.inbox.find(id);
  }

  /** Answers the lookups of the branches in doubt, as a worker does. */
  async answer(tip: string | null = sha(1)): Promise<void> {
    const { unitOfWork } = this.database;
    const doubts = await new BranchLookupsRepository(unitOfWork).branchesInDoubt(this.project.repositoryKey);
    for (const { branch } of doubts) {
      const lookup = { headWhenAsked: branch.headSha, tip };
      await unitOfWork.run((transaction) => settleDoubt(transaction, branch, lookup, BASE_DOMAIN));
    }
  }

  /** Opens a pull request of a pushed branch, and deploys it. */
  async open(fields: Partial<PullRequestFields> = {}): Promise<void> {
    await this.push();
    await this.take('opened', fields);
    await this.answer();
  }

  /** Returns the commits of the branch's deployments. */
  async commits(branch = BRANCH): Promise<(string | null)[]> {
    return (await deploymentsOf(this.database, this.project.id, branch)).map(({ commitSha }) => commitSha);
  }

  /** Returns the statuses of the branch's environments. */
  async environments(branch = BRANCH): Promise<string[]> {
    return (await environmentsOf(this.database, this.project.id, branch)).map(({ status }) => status);
  }

  /** Returns why deployments or environments changed because of pull requests. */
  async reasons(of: 'deployment' | 'environment'): Promise<string[]> {
    const rows = await this.database.rows<{ reason: string }>(
      `SELECT reason FROM ${of}_events WHERE project_id = $1 AND reason LIKE 'pull_request%' ORDER BY seq`,
      [this.project.id],
    );
    return rows.map(({ reason }) => reason);
  }
}
