import { faultPoint } from '@nexos/config';
import type { ProjectEntity, Transaction } from '@nexos/database';
import { type DeliveryResult, GITHUB_ACTOR, isAccessConfirmed } from '@nexos/domain';
import { ConfiguredApp, type DeliveredMove, type InstallationChange } from '@nexos/github';
import {
  BranchLookupsRepository,
  type ConnectionRule,
  DeliveriesRepository,
  followRepository,
  noteInstallation,
  type PauseChange,
  pauseDeleted,
  recordInstallation,
  recordRepository,
  settleConnections,
  type WaitingDelivery,
} from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { PauseLog } from '../installations/pause-log.js';

/**
 * Keeps what is known about installations of the GitHub App and about repositories current, by deliveries of GitHub itself:
 * an account can sign anything for its own webhook.
 */
@Injectable()
export class RepositoryConnections {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly lookups: BranchLookupsRepository,
    private readonly app: ConfiguredApp,
    private readonly log: PauseLog,
  ) {}

  /** Applies an event of an installation, and records its outcome. Call it with the installation's deliveries locked. */
  async process(
    transaction: Transaction,
    delivery: WaitingDelivery,
    change: InstallationChange,
  ): Promise<string> {
    const isTrusted = delivery.projectId === null;
    const told = { ...change, seq: delivery.seq };
    const result = isTrusted ? await recordInstallation(transaction, told, this.rule) : null;
    faultPoint('delivery.applied');
    const ignored = { outcome: 'ignored', reason: isTrusted ? 'older' : 'other_repository' } as const;
    const updated = { outcome: 'updated', reason: null } as const;
    const final = result?.isNewest === true ? updated : ignored;
    const { outcome } = await this.deliveries.record(delivery, new Map(), final);
    this.tellOnceCommitted(transaction, result?.changes ?? []);
    return outcome;
  }

  /**
   * Returns whether a project must not learn what a delivery says: it comes through the webhook of the App, about a repository
   * that is not known to be public, and GitHub has to confirm that the project's account may use that, and has not.
   */
  async withholds(
    project: ProjectEntity,
    { projectId }: WaitingDelivery,
    { facts, ignoredReason }: DeliveredMove,
  ): Promise<boolean> {
    // An event that Nexos does not act on is not read.
    if (projectId !== null || ignoredReason === 'event' || facts?.isPrivate === false) return false;
    return !isAccessConfirmed(project) && (await this.app.requiresConnection());
  }

  /**
   * Records what a `repository` event says about the repository, and pauses or resumes its projects. Call it with the
   * projects locked.
   *
   * @returns whether that is news
   */
  async recordRepository(
    transaction: Transaction,
    projects: readonly ProjectEntity[],
    delivery: WaitingDelivery,
    delivered: DeliveredMove,
  ): Promise<boolean> {
    const { seq, projectId } = delivery;
    const { facts, installationId } = delivered;
    if (projectId !== null || facts?.action == null) return false;
    const isDeleted = facts.action === 'deleted';
    const isNews = await recordRepository(transaction, { ...facts, installationId, seq });
    if (!isNews) return false;
    const concerned = projects.filter(({ repositoryId }) => [null, facts.id].includes(repositoryId));
    const ids = concerned.map(({ id }) => id);
    const settled = { actor: GITHUB_ACTOR, removed: facts.action === 'transferred' ? [facts.id] : [] };
    const changes = isDeleted
      ? await pauseDeleted(transaction, await this.mayLearn(concerned, delivery, delivered))
      : await settleConnections(transaction, ids, this.rule, settled);
    this.tellOnceCommitted(transaction, changes);
    return true;
  }

  private async mayLearn(
    projects: readonly ProjectEntity[],
    delivery: WaitingDelivery,
    delivered: DeliveredMove,
  ): Promise<ProjectEntity[]> {
    const told: ProjectEntity[] = [];
    for (const project of projects) {
      if (!(await this.withholds(project, delivery, delivered))) told.push(project);
    }
    return told;
  }

  /**
   * Has a project follow the id, the name and the installation of its repository. With `REPOSITORIES=connected` a project
   * that GitHub did not confirm to its account learns neither id nor installation.
   *
   * @returns the result of the delivery for the project
   */
  async follow(
    transaction: Transaction,
    project: ProjectEntity,
    { seq }: WaitingDelivery,
    { delivered, result }: { delivered: DeliveredMove; result: DeliveryResult },
  ): Promise<DeliveryResult> {
    // An older push may have been sent when the repository had its former name, or another installation.
    if (result.reason === 'older') return result;
    const { repository, repositoryId } = delivered;
    const isConfirmed = project.accessCheckedAt !== null || !(await this.app.requiresConnection());
    let followed = result;
    if (repository !== null && repositoryId !== null) {
      const mayFollow = isConfirmed || project.repositoryId !== null;
      const named = { name: repository, id: repositoryId, seq, isRename: result.outcome === 'renamed' };
      const isFollowed = mayFollow && (await followRepository(transaction, project, named));
      if (!isFollowed && result.outcome === 'renamed') {
        followed = { ...result, outcome: 'ignored', reason: mayFollow ? 'older' : 'access_unconfirmed' };
      }
    }
    if (isConfirmed) await this.followInstallation(transaction, project, { seq, delivered });
    return followed;
  }

  private async followInstallation(
    transaction: Transaction,
    project: ProjectEntity,
    { seq, delivered: { installationId, facts } }: { seq: string; delivered: DeliveredMove },
  ): Promise<void> {
    if (installationId === null || project.installationId === installationId) return;
    // GitHub is asked about an installation that no event has told of.
    if (facts !== null) await noteInstallation(transaction, installationId, facts.owner);
    const { accessCheckedAt, predatesAccessChecks } = project;
    const isConnected = accessCheckedAt !== null || (predatesAccessChecks && project.installationId !== null);
    if (this.rule.requiresConnection && isConnected) {
      this.tellOnceCommitted(transaction, await settleConnections(transaction, [project.id], this.rule));
      return;
    }
    if (await this.deliveries.setInstallation(project.id, installationId, { seq })) {
      await this.lookups.endBackOff(project.repositoryKey);
    }
  }

  /** The delivery may still fail, and is then processed again. */
  private tellOnceCommitted(transaction: Transaction, changes: readonly PauseChange[]): void {
    transaction.afterCommit(() => {
      this.log.tell(changes);
    });
  }

  private get rule(): ConnectionRule {
    return { requiresConnection: this.app.keepsConnections };
  }
}
