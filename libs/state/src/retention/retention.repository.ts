import { PLAN_NAMES, PLANS } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import {
  DELETE_BRANCHES,
  DELETE_DEPLOYMENTS,
  DELETE_ENVIRONMENTS,
  DELETE_PROJECTS,
  LOG_DAYS,
} from './old-versions.js';

/** GitHub redelivers for at most three days; after that a delivery id cannot arrive again. */
const DELIVERIES_KEPT_DAYS = 30;
/** Bodies are kept for replays and for troubleshooting. */
const DELIVERY_BODIES_KEPT_DAYS = 7;
const HOSTNAMES_KEPT_DAYS = 30;

/** How long a repeated request gets the response stored under its key. */
const IDEMPOTENCY_KEYS_KEPT_HOURS = 24;
const SESSIONS_KEPT_HOURS = 24;
/** Long enough to see in the list why a bot is refused. */
const API_KEYS_KEPT_DAYS = 30;
/** Executions are deleted together with their logs. */
const EXECUTIONS_KEPT_DAYS = 30;
/** Readers may still ask for the last lines of a version that was just replaced. */
const OUTPUTS_KEPT_DAYS = 7;
const EVENTS_KEPT_DAYS = 90;
const MESSAGES_KEPT_DAYS = 30;
/** Longer than the messages about the end of a project are retried. */
const WEBHOOKS_OF_DELETED_KEPT_DAYS = 3;
/** Longer than events of the same deployment or branch are passed on. */
const REPORTS_KEPT_DAYS = 30;
/** Longer than an answer is believed. */
const REPOSITORY_ACCESS_KEPT_HOURS = 24;
/** Longer than a Git host that fails is left alone. */
const BRANCH_LOOKUPS_KEPT_HOURS = 24;
/** As long as the log and the health of an environment look back. */
const CONTAINER_RUNS_KEPT_HOURS = 24;

/** How long build logs are kept, by plan. */
const LOGS_KEPT_DAYS = JSON.stringify(
  Object.fromEntries(PLAN_NAMES.map((plan) => [plan, PLANS[plan].log_retention_days])),
);
/** Longer than their daily figures are computed again and compared. */
const BUILD_RUNS_KEPT_DAYS = 90;
/** The same month of the last year can be compared. */
const BUILD_USAGE_KEPT_DAYS = 400;

/** The number of deleted rows of each kind. */
export interface Deleted {
  readonly deliveries: number;
  readonly deliveryBodies: number;
  readonly hostnames: number;
  readonly idempotencyKeys: number;
  readonly sessions: number;
  readonly apiKeys: number;
  readonly executions: number;
  readonly deploymentLogs: number;
  readonly deployments: number;
  readonly environments: number;
  readonly branches: number;
  readonly projects: number;
  readonly containerOutputs: number;
  readonly outputArchives: number;
  readonly deploymentEvents: number;
  readonly environmentEvents: number;
  readonly containerRuns: number;
  readonly webhookMessages: number;
  readonly webhooks: number;
  readonly pullRequests: number;
  readonly githubReports: number;
  readonly githubPauses: number;
  readonly forkApprovals: number;
  readonly repositoryAccess: number;
  readonly branchLookups: number;
  readonly buildRuns: number;
  readonly buildUsage: number;
}

/** Deletes rows whose retention has expired. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Deletes webhook deliveries that cannot arrive again, delivery bodies older than a week, host names no longer
   * reserved, expired idempotency keys and sessions, API keys revoked or expired long ago, old executions, build logs as the plan says, events,
   * runs of containers and messages to webhooks, webhooks of deleted projects, pull requests closed long ago, reports to
   * GitHub, old answers about access, old figures of builds, what Git hosts said about repositories without a project, the last output of
   * versions that are no longer live, old deployments, destroyed environments, and deleted branches and projects.
   */
  async deleteExpired(): Promise<Deleted> {
    const { manager } = this.unitOfWork;
    const deleted = async (sql: string, kept: number | string): Promise<number> =>
      (await manager.query<[unknown, number]>(sql, [kept]))[1];
    return {
      deliveries: await deleted(
        `DELETE FROM webhook_deliveries
         WHERE received_at < now() - make_interval(days => $1) AND outcome <> 'accepted'`,
        DELIVERIES_KEPT_DAYS,
      ),
      deliveryBodies: await deleted(
        `UPDATE webhook_deliveries SET body = NULL
         WHERE body IS NOT NULL AND received_at < now() - make_interval(days => $1) AND outcome <> 'accepted'`,
        DELIVERY_BODIES_KEPT_DAYS,
      ),
      hostnames: await deleted(
        `DELETE FROM hostnames WHERE released_at < now() - make_interval(days => $1)`,
        HOSTNAMES_KEPT_DAYS,
      ),
      idempotencyKeys: await deleted(
        `DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1)`,
        IDEMPOTENCY_KEYS_KEPT_HOURS,
      ),
      sessions: await deleted(
        `DELETE FROM sessions WHERE expires_at < now() - make_interval(hours => $1)`,
        SESSIONS_KEPT_HOURS,
      ),
      apiKeys: await deleted(
        `DELETE FROM api_keys WHERE least(revoked_at, expires_at) < now() - make_interval(days => $1)`,
        API_KEYS_KEPT_DAYS,
      ),
      executions: await deleted(
        `DELETE FROM executions WHERE finished_at < now() - make_interval(days => $1) AND settled_at IS NOT NULL`,
        EXECUTIONS_KEPT_DAYS,
      ),
      deploymentLogs: await deleted(
        `DELETE FROM deployment_logs log USING deployments deployment, projects project, accounts account
         WHERE deployment.id = log.deployment_id AND project.id = deployment.project_id AND account.id = project.account_id
           AND deployment.finished_at < now() - ${LOG_DAYS}`,
        LOGS_KEPT_DAYS,
      ),
      containerOutputs: await deleted(
        `DELETE FROM container_outputs USING deployments
         WHERE deployments.id = deployment_id AND deployments.status <> 'live'
           AND archived_at < now() - make_interval(days => $1)`,
        OUTPUTS_KEPT_DAYS,
      ),
      outputArchives: await deleted(
        `DELETE FROM output_archives USING deployments
         WHERE deployments.id = deployment_id AND deployments.status <> 'live'
           AND archived_at < now() - make_interval(days => $1)`,
        OUTPUTS_KEPT_DAYS,
      ),
      deploymentEvents: await deleted(
        `DELETE FROM deployment_events WHERE at < now() - make_interval(days => $1)`,
        EVENTS_KEPT_DAYS,
      ),
      environmentEvents: await deleted(
        `DELETE FROM environment_events WHERE at < now() - make_interval(days => $1)`,
        EVENTS_KEPT_DAYS,
      ),
      containerRuns: await deleted(
        `DELETE FROM container_runs WHERE ended_at < now() - make_interval(hours => $1)`,
        CONTAINER_RUNS_KEPT_HOURS,
      ),
      webhookMessages: await deleted(
        `DELETE FROM webhook_messages WHERE finished_at < now() - make_interval(days => $1)`,
        MESSAGES_KEPT_DAYS,
      ),
      pullRequests: await deleted(
        `DELETE FROM pull_requests WHERE state = 'closed' AND updated_at < now() - make_interval(days => $1)`,
        DELIVERIES_KEPT_DAYS,
      ),
      webhooks: await deleted(
        `DELETE FROM webhooks USING projects
         WHERE projects.id = project_id AND projects.status = 'deleted'
           AND projects.deleted_at < now() - make_interval(days => $1)`,
        WEBHOOKS_OF_DELETED_KEPT_DAYS,
      ),
      // A live version is told of again when it is replaced.
      githubReports: await deleted(
        `DELETE FROM github_reports report WHERE updated_at < now() - make_interval(days => $1) AND (
           kind IN ('comment', 'skip') OR told_version = version AND NOT EXISTS (
             SELECT 1 FROM deployments WHERE id = report.subject AND finished_at IS NULL))`,
        REPORTS_KEPT_DAYS,
      ),
      forkApprovals: await deleted(
        `DELETE FROM fork_approvals WHERE updated_at < now() - make_interval(days => $1)`,
        DELIVERIES_KEPT_DAYS,
      ),
      githubPauses: await deleted(
        `DELETE FROM github_pauses WHERE until < now() - make_interval(days => $1)`,
        REPORTS_KEPT_DAYS,
      ),
      repositoryAccess: await deleted(
        `DELETE FROM repository_access WHERE checked_at < now() - make_interval(hours => $1)`,
        REPOSITORY_ACCESS_KEPT_HOURS,
      ),
      branchLookups: await deleted(
        `DELETE FROM branch_lookups lookup
         WHERE coalesce(greatest(checked_at, claimed_until, not_before), '-infinity') < now() - make_interval(hours => $1)
           AND NOT EXISTS (SELECT FROM projects
             WHERE projects.repository_key = lookup.repository_key AND projects.status = 'active')`,
        BRANCH_LOOKUPS_KEPT_HOURS,
      ),
      buildRuns: await deleted(
        `DELETE FROM build_runs WHERE metered_at < now() - make_interval(days => $1)`,
        BUILD_RUNS_KEPT_DAYS,
      ),
      buildUsage: await deleted(
        `DELETE FROM build_usage WHERE day < (now() - make_interval(days => $1))::date`,
        BUILD_USAGE_KEPT_DAYS,
      ),
      // After what refers to them.
      deployments: await deleted(DELETE_DEPLOYMENTS, LOGS_KEPT_DAYS),
      environments: await deleted(DELETE_ENVIRONMENTS, LOGS_KEPT_DAYS),
      branches: await deleted(DELETE_BRANCHES, DELIVERIES_KEPT_DAYS),
      projects: await deleted(DELETE_PROJECTS, BUILD_USAGE_KEPT_DAYS),
    };
  }
}
