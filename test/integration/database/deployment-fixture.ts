import {
  cancelDeployment,
  destroyEnvironment,
  finishBuild,
  finishRollout,
  type HeldBuild,
} from '@nexos/state';
import { type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { DeploymentCounter, Metrics } from '@nexos/observability';
import { expect } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import type { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment, BY_REQUEST } from '../../support/rows.js';

const EPOCH = '3';

export interface StatusEvent {
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  readonly reason: string | null;
  /** Jobs that dispatch it. */
  readonly jobs: number;
}

/** Moves deployments of one environment through their statuses, as builders and workers do, and reads the counts. */
export class DeploymentFixture {
  environmentId = '';
  private pushes = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly unitOfWork: UnitOfWork,
    private readonly metrics: Metrics,
    readonly project: ProjectEntity,
  ) {}

  static async create(database: TestDatabase): Promise<DeploymentFixture> {
    const unitOfWork = new UnitOfWork(database.dataSource);
    const metrics = new Metrics();
    expect(new DeploymentCounter(metrics, unitOfWork)).toBeDefined();
    const project = await insertProject(database.dataSource.manager);
    return new DeploymentFixture(database, unitOfWork, metrics, project);
  }

  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(work);
  }

  /** Creates a deployment and takes it to a status; returns its id. */
  async reach(status: 'queued' | 'building' | 'deploying' | 'live'): Promise<string> {
    this.pushes += 1;
    const deployment = await createQueuedDeployment(this.database, {
      project: this.project,
      number: this.pushes,
    });
    const { id } = deployment;
    this.environmentId = deployment.environmentId;
    if (status === 'queued') return id;
    await this.claim(id, 1);
    if (status === 'building') return id;
    expect(await this.build(id)).toBe(true);
    if (status === 'live') await this.rollOut(id);
    return id;
  }

  async claim(id: string, attempt: number): Promise<void> {
    expect(await claimAny(this.unitOfWork, id)).toMatchObject({ attempt });
  }

  held(deploymentId: string, attempt = 1): HeldBuild {
    return { deploymentId, environmentId: this.environmentId, attempt };
  }

  rollout(deploymentId: string) {
    return { deploymentId, environmentId: this.environmentId, epoch: EPOCH };
  }

  build(id: string): Promise<boolean> {
    const image = {
      imageId: `sha256:${id}`,
      containerImageIds: [],
      seedImageId: null,
      hookImageId: null,
      nodeId: 'node',
    };
    return this.run((transaction) => finishBuild(transaction, this.held(id), image));
  }

  async rollOut(id: string): Promise<void> {
    await this.lease();
    expect(await this.run((transaction) => finishRollout(transaction, this.rollout(id), 0))).toBe(true);
  }

  cancel(id: string): Promise<string> {
    return this.run((transaction) => cancelDeployment(transaction, id, this.environmentId, BY_REQUEST));
  }

  destroy(): Promise<boolean> {
    return this.run((transaction) => destroyEnvironment(transaction, this.environmentId, BY_REQUEST));
  }

  /** Gives the lease of the environment to the worker of the rollout. */
  async lease(): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE environments SET lease_epoch = $2, lease_until = now() + interval '1 minute' WHERE id = $1`,
      [this.environmentId, EPOCH],
    );
  }

  /** Makes the project's rows old enough for the environment to expire. */
  async expire(): Promise<void> {
    const { id } = this.project;
    const longAgo = `now() - interval '2 days'`;
    await this.database.dataSource.query('UPDATE projects SET expires_after_days = 1 WHERE id = $1', [id]);
    for (const [table, column] of [
      ['environments', 'created_at'],
      ['deployments', 'queued_at'],
      ['branches', 'pushed_at'],
    ]) {
      await this.database.dataSource.query(
        `UPDATE ${table} SET ${column} = ${longAgo} WHERE project_id = $1`,
        [id],
      );
    }
  }

  async loseBuilder(id: string): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
      [id],
    );
  }

  /** Returns the successor that the last event of a deployment names. */
  async successorOf(id: string): Promise<string | null> {
    const [row] = await this.database.rows<{ by: string | null }>(
      `SELECT data->>'by' AS by FROM deployment_events WHERE deployment_id = $1 ORDER BY seq DESC LIMIT 1`,
      [id],
    );
    return row?.by ?? null;
  }

  eventsOf(id: string): Promise<StatusEvent[]> {
    return this.database.rows<StatusEvent>(
      `SELECT data->>'from' AS from, data->>'to' AS to, actor, reason,
         (SELECT count(*)::integer FROM outbox
          WHERE queue = 'notify' AND name = 'deployment-event' AND payload->>'seq' = event.seq::text) AS jobs
       FROM deployment_events event WHERE deployment_id = $1 AND type = 'status' ORDER BY seq`,
      [id],
    );
  }

  /** Returns how often each status was counted while `work` ran. */
  async countedBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await this.counts();
    await work();
    const after = await this.counts();
    const diffs = [...after].map(([status, count]) => [status, count - (before.get(status) ?? 0)] as const);
    return Object.fromEntries(diffs.filter(([, count]) => count !== 0));
  }

  private async counts(): Promise<Map<string, number>> {
    const { values } = await this.metrics.deployments.get();
    return new Map(values.map(({ labels, value }) => [String(labels.status), value]));
  }
}
