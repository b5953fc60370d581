import { DeliveriesConfig, faultPoint, IngressConfig } from '@nexos/config';
import { isDatabaseUnavailable, type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { deliveryRetryMs, type DeliveryResult, githubActor } from '@nexos/domain';
import {
  type DeliveredMove,
  type DeliveredReview,
  GithubRequests,
  type RequestedChecks,
} from '@nexos/github';
import {
  applyPullRequest,
  applyPush,
  applyReview,
  DeliveriesRepository,
  lockAccounts,
  type PullRequestChange,
  recordPullRequest,
  rerunChecks,
  type WaitingDelivery,
} from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { isContention } from './is-contention.js';
import { RepositoryConnections } from './repository-connections.js';
import { readStoredDelivery, UnreadableDeliveryError } from './stored-delivery.js';

/** Characters kept of an error's text, which bounds the row's size. */
const MAX_ERROR_CHARACTERS = 500;

/** The result of one attempt at a repository's first waiting delivery. */
export type Step =
  /** Nothing waits, or the first delivery is backing off. */
  | { readonly kind: 'rest' }
  /** Another worker holds the repository's lock. */
  | { readonly kind: 'busy' }
  /** Another transaction used the same rows. No attempt is counted. */
  | { readonly kind: 'contended' }
  | { readonly kind: 'processed'; readonly id: string; readonly event: string; readonly outcome: string }
  | { readonly kind: 'retried' };

/** What a delivery says, and what it changed about a pull request. */
type Delivered = DeliveredMove & { readonly change: PullRequestChange | null };

/** Processes deliveries. Nothing else applies a delivery to a branch. */
@Injectable()
export class DeliveryProcessor {
  private readonly logger = new Logger(DeliveryProcessor.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deliveries: DeliveriesRepository,
    private readonly connections: RepositoryConnections,
    private readonly ingress: IngressConfig,
    private readonly config: DeliveriesConfig,
    private readonly requests: GithubRequests,
  ) {}

  /**
   * Processes the repository's first waiting delivery. Its outcome and its effect commit together.
   *
   * @throws the error that makes the database unavailable; no attempt is counted then
   */
  async processNext(repository: string): Promise<Step> {
    let current: WaitingDelivery | undefined;
    try {
      const step = await this.unitOfWork.run(async (transaction): Promise<Step> => {
        faultPoint('delivery.begun');
        if (!(await this.deliveries.lockRepository(repository))) return { kind: 'busy' };
        const delivery = await this.deliveries.next(repository);
        if (delivery === null || delivery.retryInMs > 0) return { kind: 'rest' };
        current = delivery;
        faultPoint('delivery.locked');
        const outcome = await this.process(transaction, repository, delivery);
        faultPoint('delivery.recorded');
        return { kind: 'processed', id: delivery.id, event: delivery.event, outcome };
      });
      if (step.kind === 'processed') {
        this.logger.log(`delivery ${step.id}: ${step.event} of ${repository}, ${step.outcome}`);
      }
      return step;
    } catch (error) {
      if (isContention(error)) {
        this.logger.warn(`a delivery of ${repository} will be retried shortly: ${(error as Error).message}`);
        return { kind: 'contended' };
      }
      if (current === undefined || isDatabaseUnavailable(error)) throw error;
      return await this.recordFailure(repository, current, error as Error);
    }
  }

  /** Counts an attempt for the first waiting delivery after it crashed a worker, and fails it after the last one. */
  async countCrash(repository: string): Promise<Step> {
    return this.unitOfWork.run(async (): Promise<Step> => {
      if (!(await this.deliveries.lockRepository(repository))) return { kind: 'busy' };
      const delivery = await this.deliveries.next(repository);
      if (delivery === null || delivery.retryInMs > 0) return { kind: 'rest' };
      const attempt = delivery.attempts + 1;
      const text = 'The worker crashed while processing the delivery.';
      this.logger.warn(
        `delivery ${delivery.id}: attempt ${attempt} of ${this.config.attempts} failed: ${text}`,
      );
      if (attempt >= this.config.attempts) return this.fail(repository, delivery, text);
      await this.deliveries.retryLater(delivery, text, 0);
      return { kind: 'retried' };
    });
  }

  /** Applies a delivery to every project that names its repository, and records the outcome. */
  private async process(
    transaction: Transaction,
    repository: string,
    delivery: WaitingDelivery,
  ): Promise<string> {
    const delivered = await readStoredDelivery(delivery);
    if (delivered.installation !== null) {
      return this.connections.process(transaction, delivery, delivered.installation);
    }
    const results = new Map<string, DeliveryResult>();
    const projects = (await this.deliveries.lockProjects(repository, delivered)).filter(({ id }) =>
      [null, id].includes(delivery.projectId),
    );
    const owners = new Set(projects.map(({ accountId }) => accountId));
    // One account is locked by what needs it. Several are locked in order, so that deliveries cannot deadlock.
    if (owners.size > 1) await lockAccounts(transaction, [...owners]);
    // Repositories without a project do not fill the table.
    const change =
      projects.length === 0 ? null : await this.recordPullRequest(transaction, projects, delivery, delivered);
    for (const project of projects) {
      results.set(project.id, await this.apply(transaction, project, delivery, { ...delivered, change }));
    }
    const isUpdated = await this.connections.recordRepository(transaction, projects, delivery, delivered);
    if (!isUpdated) disregard(results);
    faultPoint('delivery.applied');
    const isRenamed = [...results.values()].some((result) => result.outcome === 'renamed');
    if (isRenamed) await this.deliveries.reconsider(repository);
    const ignored = { outcome: 'ignored', reason: delivered.ignoredReason ?? 'no_project' } as const;
    const otherwise = isUpdated ? ({ outcome: 'updated', reason: null } as const) : ignored;
    const { outcome } = await this.deliveries.record(delivery, results, otherwise);
    return outcome;
  }

  private async recordPullRequest(
    transaction: Transaction,
    projects: readonly ProjectEntity[],
    { seq, projectId }: WaitingDelivery,
    { repositoryId, pullRequest, review }: DeliveredMove,
  ): Promise<PullRequestChange | null> {
    if (pullRequest === null || repositoryId === null) return null;
    // Reviews decide nothing within a repository.
    if (review !== null && pullRequest.headRepositoryId === repositoryId) return null;
    const told = { seq, projectId, repositoryId };
    return recordPullRequest(transaction, projects, pullRequest, told);
  }

  private async apply(
    transaction: Transaction,
    project: ProjectEntity,
    delivery: WaitingDelivery,
    delivered: Delivered,
  ): Promise<DeliveryResult> {
    if (await this.connections.withholds(project, delivery, delivered)) {
      return { outcome: 'ignored', reason: 'access_unconfirmed', deploymentId: null };
    }
    const { repositoryId } = delivered;
    if (repositoryId !== null && ![null, repositoryId].includes(project.repositoryId)) {
      return { outcome: 'ignored', reason: 'other_repository', deploymentId: null };
    }
    const result = await this.resultOf(transaction, project, delivery, delivered);
    // Only GitHub itself is believed about ids, names and installations: an account can sign anything for its own webhook.
    if (delivery.projectId !== null) return result;
    return this.connections.follow(transaction, project, delivery, { delivered, result });
  }

  private async resultOf(
    transaction: Transaction,
    project: ProjectEntity,
    { forced, replayedBy, projectId }: WaitingDelivery,
    delivered: Delivered,
  ): Promise<DeliveryResult> {
    const { move, previousName, ignoredReason, repositoryId, change, checks, review, facts } = delivered;
    if (checks !== null) {
      const asked = { ...checks, repositoryId };
      return this.rerun(transaction, project, asked, { replayedBy, projectId });
    }
    if (review !== null) return this.review(transaction, project, delivered, review);
    const believedId = projectId === null ? repositoryId : null;
    const { baseDomain } = this.ingress;
    const options = { force: forced, replayedBy, repositoryId: believedId };
    if (change !== null) return applyPullRequest(transaction, project, change, { ...options, baseDomain });
    if (move !== null) {
      return applyPush(transaction, project, move, baseDomain, options);
    }
    if (previousName === null && projectId === null && facts !== null && facts.action !== null) {
      return { outcome: 'updated', reason: null, deploymentId: null };
    }
    if (previousName === null || projectId !== null) {
      return { outcome: 'ignored', reason: ignoredReason ?? 'event', deploymentId: null };
    }
    return { outcome: 'renamed', reason: null, deploymentId: null };
  }

  private async review(
    transaction: Transaction,
    project: ProjectEntity,
    { change, repository, installationId }: Delivered,
    review: DeliveredReview,
  ): Promise<DeliveryResult> {
    if (change === null) return { outcome: 'ignored', reason: 'no_fork', deploymentId: null };
    // Without an installation, there is nobody to ask about the reviewer.
    if (repository === null || installationId === null) {
      return { outcome: 'ignored', reason: 'own_webhook', deploymentId: null };
    }
    const source = { repository, installationId };
    return applyReview(transaction, project, review, change, source, this.ingress.baseDomain);
  }

  /** Runs checks of this App again that GitHub itself tells of: an account can sign anything for its own webhook. */
  private async rerun(
    transaction: Transaction,
    project: ProjectEntity,
    { appId, sender, ...checks }: RequestedChecks & { readonly repositoryId: string | null },
    { replayedBy, projectId }: Pick<WaitingDelivery, 'replayedBy' | 'projectId'>,
  ): Promise<DeliveryResult> {
    if (projectId !== null) return { outcome: 'ignored', reason: 'own_webhook', deploymentId: null };
    if (appId === null || appId !== (await this.requests.appId())) {
      return { outcome: 'ignored', reason: 'other_app', deploymentId: null };
    }
    const actor = replayedBy ?? githubActor(sender);
    const cause = { actor, reason: replayedBy === null ? 'check_rerequested' : 'replay' } as const;
    return rerunChecks(transaction, project, { ...checks, cause }, this.ingress.baseDomain);
  }

  /**
   * Counts the attempt. Fails the delivery after the last one, so that the next delivery proceeds, or at once when no
   * retry could succeed.
   */
  private async recordFailure(repository: string, delivery: WaitingDelivery, error: Error): Promise<Step> {
    const { id } = delivery;
    const text = `${error.name}: ${error.message}`.replaceAll('\0', '').slice(0, MAX_ERROR_CHARACTERS);
    const attempt = delivery.attempts + 1;
    this.logger.warn(`delivery ${id}: attempt ${attempt} of ${this.config.attempts} failed: ${text}`);
    return this.unitOfWork.run(async (transaction): Promise<Step> => {
      if (attempt < this.config.attempts && !(error instanceof UnreadableDeliveryError)) {
        const inMs = deliveryRetryMs(attempt, this.config.retryMs);
        if (await this.deliveries.retryLater(delivery, text, inMs)) {
          const job = { queue: 'deliveries', name: 'process-deliveries', payload: { repository } } as const;
          transaction.enqueue(job, inMs);
        }
        return { kind: 'retried' };
      }
      return this.fail(repository, delivery, text);
    });
  }

  private async fail(repository: string, delivery: WaitingDelivery, text: string): Promise<Step> {
    const { id, event } = delivery;
    const failed = await this.deliveries.fail(repository, delivery, text);
    return failed ? { kind: 'processed', id, event, outcome: 'failed' } : { kind: 'retried' };
  }
}

/** Corrects the results of an event of a repository that is older than what is known. */
function disregard(results: Map<string, DeliveryResult>): void {
  for (const [projectId, result] of results) {
    if (result.outcome === 'updated')
      results.set(projectId, { ...result, outcome: 'ignored', reason: 'older' });
  }
}
