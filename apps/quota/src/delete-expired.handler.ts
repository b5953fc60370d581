import { AuditConfig } from '@nexos/config';
import { AuditRepository, RetentionRepository } from '@nexos/state';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Deletes data whose retention period has passed. */
@Injectable()
@HandlesJob('quota', 'delete-expired')
export class DeleteExpiredHandler implements JobHandler<'quota', 'delete-expired'> {
  private readonly logger = new Logger(DeleteExpiredHandler.name);

  constructor(
    private readonly retention: RetentionRepository,
    private readonly audit: AuditRepository,
    private readonly config: AuditConfig,
  ) {}

  async handle(): Promise<void> {
    const deleted = await this.retention.deleteExpired();
    const auditRecords = await this.audit.deleteExpired(this.config.keptDays);
    const {
      deliveries,
      deliveryBodies,
      hostnames,
      idempotencyKeys,
      sessions,
      apiKeys,
      executions,
      deploymentLogs,
      containerRuns,
      webhookMessages,
      githubReports,
      buildRuns,
      buildUsage,
      deployments,
      environments,
      branches,
      projects,
    } = deleted;
    const events = deleted.deploymentEvents + deleted.environmentEvents;
    this.logger.log(
      `deleted ${deliveries} webhook deliveries, the bodies of ${deliveryBodies}, ${hostnames} released host names, ` +
        `${idempotencyKeys} idempotency keys, ${sessions} sessions, ${apiKeys} API keys, ${executions} executions, ${deploymentLogs} build logs, ${events} events, ` +
        `${containerRuns} runs of containers, ${webhookMessages} messages to webhooks, ` +
        `${githubReports} reports to GitHub, ${buildRuns} runs of builds, ${buildUsage} days of their usage, ` +
        `${deployments} deployments, ${environments} environments, ${branches} branches, ${projects} projects and ` +
        `${auditRecords} lines of the audit log`,
    );
  }
}
