import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BranchChecksConfig, GithubConfig, IngressConfig, WorkerConfig } from '@nexos/config';
import { type ProjectEntity } from '@nexos/database';
import { RemoteBranches } from '@nexos/git';
import { ConfiguredApp, GithubRequests, InstallationTokens, PullRequestComments } from '@nexos/github';
import {
  BranchChecksRepository,
  BranchLookupsRepository,
  ForkChecksRepository,
  NewBranchesRepository,
} from '@nexos/state';
import { BranchCheck } from '../../../apps/integrations/src/branches/branch-check.js';
import { BranchLookup } from '../../../apps/integrations/src/branches/branch-lookup.js';
import { CheckBranchesHandler } from '../../../apps/integrations/src/branches/check-branches.handler.js';
import { LookUpBranchesHandler } from '../../../apps/integrations/src/branches/look-up-branches.handler.js';
import { LookupClaims } from '../../../apps/integrations/src/branches/lookup-claims.js';
import { NewBranches } from '../../../apps/integrations/src/branches/new-branches.js';
import { RepositoryAccessibility } from '../../../apps/integrations/src/branches/repository-accessibility.js';
import { ClosedForkCheck } from '../../../apps/integrations/src/forks/closed-fork-check.js';
import { PauseLog } from '../../../apps/integrations/src/installations/pause-log.js';
import { TestDatabase } from '../../support/database.js';
import { type GitServer, startGitServer } from '../../support/git-server/git-server.js';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { deliveryOf, Inbox, type PushFields } from '../../support/inbox.js';
import { at, BASE_DOMAIN, insertProject, push } from '../../support/rows.js';

/** A Git host with a repository for each test, and the part of an integrations worker that checks its branches. */
export class BranchCheckFixture {
  name = '';
  project!: ProjectEntity;
  repository!: TestRepository;
  private counter = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly folder: string,
    readonly server: GitServer,
    readonly inbox: Inbox,
    private readonly github: GithubConfig,
  ) {}

  /** @param app the GitHub App and `REPOSITORIES`; none by default */
  static async start(database: TestDatabase, app: Partial<GithubConfig> = {}): Promise<BranchCheckFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'nexos-checks-'));
    const server = await startGitServer({ root: folder });
    const github = Object.assign(new GithubConfig(), app, { url: server.url });
    return new BranchCheckFixture(database, folder, server, new Inbox(database.dataSource), github);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Creates a repository and its project for the next test. */
  async begin(): Promise<Pick<BranchCheckFixture, 'name' | 'project' | 'repository'>> {
    this.server.simulate(null);
    this.name = `app-${++this.counter}`;
    const { manager } = this.database.dataSource;
    this.project = await insertProject(manager, { githubRepo: `acme/${this.name}` });
    this.repository = await TestRepository.create(await this.server.createRepository('acme', this.name));
    return this;
  }

  /** Handles the job as a separate worker does. */
  check(): Promise<void> {
    const { unitOfWork } = this.inbox;
    const checks = new BranchChecksRepository(unitOfWork);
    const config = new BranchChecksConfig();
    const { app, lookup, lookups, remote, tokens } = this.lookup();
    const access = new RepositoryAccessibility(unitOfWork, new PauseLog());
    const appeared = new NewBranches(new NewBranchesRepository(unitOfWork), lookup);
    const pulls = new PullRequestComments(new GithubRequests(app));
    const forks = new ClosedForkCheck(new ForkChecksRepository(unitOfWork), pulls, config, app);
    const parts = [unitOfWork, checks, lookups, access, lookup, remote, tokens, config, appeared] as const;
    const check = new BranchCheck(...parts, forks);
    const worker = new WorkerConfig();
    const handler = new CheckBranchesHandler(
      checks,
      new LookupClaims(lookups, worker),
      check,
      worker,
      config,
    );
    return handler.handle({ repository: this.project.repositoryKey }, new AbortController().signal);
  }

  /** Looks up the branches in doubt as a separate worker does. */
  lookUp(): Promise<void> {
    const { lookup, lookups } = this.lookup();
    const worker = new WorkerConfig();
    const claims = new LookupClaims(lookups, worker);
    const handler = new LookUpBranchesHandler(this.inbox.unitOfWork, lookups, lookup, claims, worker);
    return handler.handle({ repository: this.project.repositoryKey }, new AbortController().signal);
  }

  private lookup() {
    const { unitOfWork, deliveries } = this.inbox;
    const lookups = new BranchLookupsRepository(unitOfWork);
    const remote = new RemoteBranches(this.github);
    const app = new ConfiguredApp(this.github);
    const tokens = new InstallationTokens(app);
    const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
    const lookup = new BranchLookup(unitOfWork, lookups, deliveries, remote, tokens, ingress);
    return { app, lookup, lookups, remote, tokens };
  }

  /** Lets an hour pass since everything that a check has recorded. */
  async anHourLater(): Promise<void> {
    const earlier = `interval '1 hour 1 second'`;
    await this.database.dataSource.query(
      `UPDATE branch_lookups SET checked_at = checked_at - ${earlier}, not_before = not_before - ${earlier}`,
    );
    await this.database.dataSource.query(`UPDATE environments SET created_at = created_at - ${earlier}`);
    await this.database.dataSource.query(`UPDATE branches SET missing_since = missing_since - ${earlier}`);
  }

  /** Commits and pushes to the Git host, with the webhook or without. */
  async pushed(branch: string, { isTold = true } = {}): Promise<string> {
    const number = ++this.counter;
    const after = await this.repository.commit({ files: { 'a.txt': `${branch} ${number}` }, branch });
    await this.repository.push(branch);
    if (isTold) await push(this.database.unitOfWork, this.project, { branch, after, at: at(number) });
    return after;
  }

  /** Takes in a push through the own webhook of a project; returns the id of the delivery. */
  async takeOwn({ id: projectId, githubRepo }: ProjectEntity, fields: PushFields): Promise<string> {
    const delivery = { ...deliveryOf(fields), projectId };
    await this.inbox.deliveries.accept([delivery]);
    await this.inbox.drain(githubRepo);
    return delivery.id;
  }

  async pausedReason(): Promise<string | null | undefined> {
    const rows = await this.database.rows<{ reason: string | null }>(
      'SELECT paused_reason AS reason FROM projects WHERE id = $1',
      [this.project.id],
    );
    return rows[0]?.reason;
  }
}
