import { IngressConfig, withDeadline } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { approvalRetryMs } from '@nexos/domain';
import { ConfiguredApp, GithubAccess, GithubRequestError } from '@nexos/github';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { ForkApprovalsRepository, type PendingApproval } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Longer than GitHub is waited for. */
const LEASE_MS = 30_000;
const TIMEOUT_MS = 10_000;
/** A refusal may pass, such as one of an App whose permissions are just changing. */
const MAX_REFUSALS = 3;
/** About a day. */
const MAX_FAILURES = 300;

/**
 * Asks GitHub whether the author of a review may approve commits of forks, with no lock held and no transaction open while it
 * answers. A GitHub that does not answer approves nothing: it is asked again later.
 */
@Injectable()
@HandlesJob('branches', 'check-approval')
export class CheckApprovalHandler implements JobHandler<'branches', 'check-approval'> {
  private readonly logger = new Logger(CheckApprovalHandler.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: ForkApprovalsRepository,
    private readonly github: GithubAccess,
    private readonly ingress: IngressConfig,
    private readonly app: ConfiguredApp,
  ) {}

  async handle({ approvalId }: { approvalId: string }, stopping: AbortSignal): Promise<void> {
    const approval = await this.approvals.claim(approvalId, LEASE_MS);
    if (approval === null) return;
    const mayWrite = await this.ask(approval, stopping);
    if (mayWrite === null) return;
    const { baseDomain } = this.ingress;
    const requiresConfirmation = await this.app.requiresConnection();
    await this.unitOfWork.run((transaction) =>
      mayWrite
        ? this.approvals.grant(transaction, approval, { baseDomain, requiresConfirmation })
        : this.approvals.deny(transaction, approval, null),
    );
    const { repository, number, reviewerLogin } = approval;
    const answer = mayWrite ? 'has' : 'lacks';
    this.logger.log(`${reviewerLogin}, who approved ${repository}#${number}, ${answer} write access`);
  }

  /** Returns null when GitHub gave no answer. */
  private async ask(approval: PendingApproval, stopping: AbortSignal): Promise<boolean | null> {
    const { repository: name, installationId, reviewerId: id, reviewerLogin: login } = approval;
    const signal = withDeadline(stopping, TIMEOUT_MS);
    try {
      return await this.github.mayWrite({ id, login }, { name, installationId }, signal);
    } catch (error) {
      if (!(error instanceof GithubRequestError)) throw error;
      if (!stopping.aborted) await this.recordFailed(approval, error);
      return null;
    }
  }

  private async recordFailed(
    approval: PendingApproval,
    { kind, message, retryAfterMs }: GithubRequestError,
  ): Promise<void> {
    const { repository, number, failures } = approval;
    this.logger.warn(`could not ask who approved ${repository}#${number}: ${message}`);
    if (failures + 1 >= (kind === 'refused' ? MAX_REFUSALS : MAX_FAILURES)) {
      await this.unitOfWork.run((transaction) => this.approvals.deny(transaction, approval, message));
      return;
    }
    await this.approvals.recordFailed(approval, message, retryAfterMs ?? approvalRetryMs(failures));
  }
}
