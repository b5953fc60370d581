import { ProjectEntity, UnitOfWork } from '@nexos/database';
import { type OwnLimits } from '@nexos/domain';
import { AccountsRepository, QuotaDriftRepository, type ReservedUsage } from '@nexos/state';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '../../support/database.js';
import { at, insertAccount, insertProject, push, sha } from '../../support/rows.js';

/** A deployment, with its environment, as a push has left them. */
export interface Pushed {
  readonly id: string;
  readonly environmentId: string;
  readonly status: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly environmentStatus: string;
}

let counter = 0;

/** An account of the plan `free` with some limits of its own, and its projects. */
export class QuotaFixture {
  private constructor(
    private readonly database: TestDatabase,
    readonly accountId: string,
  ) {}

  static async create(database: TestDatabase, limits: OwnLimits = {}): Promise<QuotaFixture> {
    const accountId = await insertAccount(database.dataSource.manager, 'free');
    const fixture = new QuotaFixture(database, accountId);
    await fixture.limit(limits);
    return fixture;
  }

  limit(limits: OwnLimits): Promise<void> {
    return this.database.repository(AccountsRepository).setLimits(this.accountId, null, limits);
  }

  async project(settings: object = {}): Promise<ProjectEntity> {
    const { id } = await insertProject(this.database.dataSource.manager, { accountId: this.accountId });
    return this.configure(id, settings);
  }

  async configure(id: string, settings: object): Promise<ProjectEntity> {
    await this.database.dataSource.query('UPDATE projects SET settings = $2 WHERE id = $1', [
      id,
      JSON.stringify(settings),
    ]);
    return this.database.dataSource.manager.findOneByOrFail(ProjectEntity, { id });
  }

  /** Pushes the next commit to a branch, by default over the connections of the test. */
  async push(project: ProjectEntity, branch = 'main', through?: DataSource): Promise<Pushed> {
    const after = sha(++counter);
    const unitOfWork = new UnitOfWork(through ?? this.database.dataSource);
    const outcome = await push(unitOfWork, project, { branch, after, at: at(counter) });
    if (outcome !== 'deployed') throw new Error(`the push was ${outcome}`);
    return this.deploymentOf(after);
  }

  /** Pushes, and lets the deployment go live. */
  async live(project: ProjectEntity, branch = 'main'): Promise<Pushed> {
    const pushed = await this.push(project, branch);
    if (pushed.status !== 'queued') throw new Error(`the deployment is ${pushed.status}: ${pushed.code}`);
    await this.goLive(pushed);
    return pushed;
  }

  async goLive({ id, environmentId }: Pick<Pushed, 'id' | 'environmentId'>): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE deployments SET status = CASE id WHEN $2 THEN 'live' ELSE 'replaced' END, image_id = 'sha256:' || id,
         live_at = now(), finished_at = CASE id WHEN $2 THEN NULL ELSE now() END
       WHERE environment_id = $1 AND status IN ('queued', 'building', 'deploying', 'live')`,
      [environmentId, id],
    );
    await this.set(environmentId, `status = 'running', live_deployment_id = latest_deployment_id`);
  }

  /** Sets columns of an environment, as a worker would. */
  async set(environmentId: string, columns: string): Promise<void> {
    await this.database.dataSource.query(`UPDATE environments SET ${columns} WHERE id = $1`, [environmentId]);
  }

  async usage(): Promise<ReservedUsage> {
    const { projects, cpu, memoryMb } = await this.database
      .repository(AccountsRepository)
      .usageOf(this.accountId);
    return { projects, cpu, memoryMb };
  }

  drift() {
    return this.database.repository(QuotaDriftRepository).check(this.accountId);
  }

  private async deploymentOf(commitSha: string): Promise<Pushed> {
    const [row] = await this.database.rows<Pushed>(
      `SELECT deployment.id, deployment.environment_id AS "environmentId", deployment.status,
         deployment.failure_code AS code, deployment.failure_message AS message,
         environment.status AS "environmentStatus"
       FROM deployments deployment JOIN environments environment ON environment.id = deployment.environment_id
       WHERE deployment.commit_sha = $1`,
      [commitSha],
    );
    if (row === undefined) throw new Error(`${commitSha} has no deployment`);
    return row;
  }
}
