import { cutText, type DeploymentStatus } from '@nexos/domain';
import { type DeploymentSettings, type StoredSources } from '@nexos/settings';
import { affected, DeploymentEntity, type PreparedQuery, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { findOwned, findPage, type PageRequest } from '../page.js';
import { COMMIT_AUTHOR_LIMIT, COMMIT_MESSAGE_LIMIT } from './commit-limits.js';
import { type LiveCommit, liveCommitBefore } from './live-commit.js';

/** The columns of a deployment that the API returns. */
export type DeploymentSummary = Pick<
  DeploymentEntity,
  | 'id'
  | 'projectId'
  | 'environmentId'
  | 'trigger'
  | 'status'
  | 'branch'
  | 'commitSha'
  | 'commitMessage'
  | 'commitAuthor'
  | 'imageId'
  | 'failureCode'
  | 'failureMessage'
  | 'skipReason'
  | 'queuedAt'
  | 'startedAt'
  | 'builtAt'
  | 'liveAt'
  | 'finishedAt'
>;

/** A deployment with the host name of its URL. */
export type DeploymentWithHostname = DeploymentSummary & { readonly hostname: string };

/** The id of a deployment and the account that must own it. */
export interface DeploymentOfAccount {
  readonly accountId: string;
  readonly id: string;
}

/** A condition: a failed deployment's image may still exist. */
export const HAS_FAILED_WITH_IMAGE = `status = 'failed' AND image_id IS NOT NULL AND image_removed_at IS NULL`;

/** Selects the deployments of a list. */
export type DeploymentFilter = ({ readonly projectId: string } | { readonly environmentId: string }) & {
  readonly status?: DeploymentStatus;
  readonly branch?: string;
};

/** A build and the attempt that a builder has claimed. */
export interface BuildAttempt {
  readonly id: string;
  readonly attempt: number;
}

const FIND_SUMMARIES: PreparedQuery = {
  name: 'find-deployments',
  text: `
    SELECT deployment.id, deployment.project_id AS "projectId", deployment.environment_id AS "environmentId",
      deployment.trigger, deployment.status, deployment.branch, deployment.commit_sha AS "commitSha",
      deployment.commit_message AS "commitMessage", deployment.commit_author AS "commitAuthor",
      deployment.image_id AS "imageId", deployment.failure_code AS "failureCode",
      deployment.failure_message AS "failureMessage", deployment.skip_reason AS "skipReason",
      deployment.queued_at AS "queuedAt",
      deployment.started_at AS "startedAt", deployment.built_at AS "builtAt", deployment.live_at AS "liveAt",
      deployment.finished_at AS "finishedAt", environment.hostname, project.account_id AS "accountId"
    FROM deployments deployment
    JOIN environments environment ON environment.id = deployment.environment_id
    JOIN projects project ON project.id = deployment.project_id
    WHERE deployment.id = ANY($1) AND project.account_id = ANY($2) AND project.status <> 'deleted'`,
};

/** Reads deployments, and writes what builders record except the status. */
@Injectable()
export class DeploymentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<DeploymentEntity | null> {
    return this.unitOfWork.manager.findOneBy(DeploymentEntity, { id });
  }

  /** Returns the environment's last deployment that failed and still has an image. */
  async lastFailedWithImage(environmentId: string): Promise<string | null> {
    const [row] = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM deployments WHERE environment_id = $1 AND ${HAS_FAILED_WITH_IMAGE} ORDER BY id DESC LIMIT 1`,
      [environmentId],
    );
    return row?.id ?? null;
  }

  /** Returns whether any deployment of an environment was built. */
  async hasBuilt(environmentId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      'SELECT 1 FROM deployments WHERE environment_id = $1 AND built_at IS NOT NULL LIMIT 1',
      [environmentId],
    );
    return rows.length > 0;
  }

  /** @throws when the deployment does not exist */
  get(id: string): Promise<DeploymentEntity> {
    return this.unitOfWork.manager.findOneByOrFail(DeploymentEntity, { id });
  }

  findAll(ids: readonly string[]): Promise<DeploymentEntity[]> {
    return this.unitOfWork.manager.findBy(DeploymentEntity, { id: In(ids) });
  }

  findOfAccount(accountId: string, id: string): Promise<DeploymentEntity | null> {
    return findOwned(this.unitOfWork.manager, DeploymentEntity, accountId, id);
  }

  page({ status, branch, ...of }: DeploymentFilter, page: PageRequest): Promise<DeploymentEntity[]> {
    const where = { ...of, ...(status !== undefined && { status }), ...(branch !== undefined && { branch }) };
    return findPage(this.unitOfWork.manager, DeploymentEntity, where, page);
  }

  isOf(environmentId: string, id: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(DeploymentEntity, { id, environmentId });
  }

  /** @throws when the deployment does not exist */
  async statusOf(id: string): Promise<DeploymentStatus> {
    const { status } = await this.unitOfWork.manager.findOneOrFail(DeploymentEntity, {
      select: { id: true, status: true },
      where: { id },
    });
    return status;
  }

  /**
   * Finds deployments of accounts with one query, outside any transaction, because bots poll them all the time.
   * Returns them in the given order; null for another account's.
   */
  async findSummaries(wanted: readonly DeploymentOfAccount[]): Promise<(DeploymentWithHostname | null)[]> {
    const ids = [...new Set(wanted.map(({ id }) => id))];
    const accountIds = [...new Set(wanted.map(({ accountId }) => accountId))];
    const rows = await this.unitOfWork.readPrepared<DeploymentWithHostname & { accountId: string }>(
      FIND_SUMMARIES,
      [ids, accountIds],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    return wanted.map(({ accountId, id }) => {
      const row = found.get(id);
      return row?.accountId === accountId ? row : null;
    });
  }

  /** Returns the live commit that a build of a push may be compared with; see `liveCommitBefore`. */
  liveCommitBefore(id: string): Promise<LiveCommit | null> {
    return liveCommitBefore(this.unitOfWork.manager, id);
  }

  /** Records the commit of a build requested by branch only; false when the build was lost. */
  async setCommit({ id, attempt }: BuildAttempt, sha: string): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE deployments SET commit_sha = $3 WHERE id = $1 AND attempt = $2 AND status = 'building'`,
        [id, attempt, sha],
      ),
    );
  }

  /** Records what the commit of a build says, where that was unknown. */
  async setCommitText(
    { id, attempt }: BuildAttempt,
    { message, author }: { readonly message: string; readonly author: string },
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE deployments SET commit_message = $3, commit_author = $4
       WHERE id = $1 AND attempt = $2 AND status = 'building' AND commit_message IS NULL`,
      [id, attempt, cutText(message, COMMIT_MESSAGE_LIMIT), cutText(author, COMMIT_AUTHOR_LIMIT)],
    );
  }

  /**
   * Records a deployment's settings and where they come from, once its commit has been read; false when the build was
   * lost.
   */
  async setSettings(
    { id, attempt }: BuildAttempt,
    settings: DeploymentSettings,
    sources: StoredSources | null,
  ): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE deployments SET spec = $3, setting_sources = $4
         WHERE id = $1 AND attempt = $2 AND status = 'building'`,
        [id, attempt, JSON.stringify(settings), sources === null ? null : JSON.stringify(sources)],
      ),
    );
  }
}
