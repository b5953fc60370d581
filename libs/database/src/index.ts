export { affected } from './affected.js';
export { createDataSource } from './data-source.js';
export { DatabaseModule, LeaseModule } from './database.module.js';
export { AccountEntity } from './entities/account.entity.js';
export { AccountInstallationEntity } from './entities/account-installation.entity.js';
export { ApiKeyEntity } from './entities/api-key.entity.js';
export { AuditRecordEntity } from './entities/audit-record.entity.js';
export { BranchEntity } from './entities/branch.entity.js';
export { ContainerRunEntity } from './entities/container-run.entity.js';
export { DatabaseBackupEntity } from './entities/database-backup.entity.js';
export { BranchLookupEntity } from './entities/branch-lookup.entity.js';
export { DeliveryOutcomeEntity } from './entities/delivery-outcome.entity.js';
export { DeploymentEntity, type DeploymentTrigger } from './entities/deployment.entity.js';
export { DeploymentEventEntity } from './entities/deployment-event.entity.js';
export { EnvironmentEventEntity } from './entities/environment-event.entity.js';
export { EnvironmentHealthEntity } from './entities/environment-health.entity.js';
export { EnvironmentServiceEntity } from './entities/environment-service.entity.js';
export { EnvironmentEntity } from './entities/environment.entity.js';
export { WebhookSecretEntity } from './entities/webhook-secret.entity.js';
export { GithubAppEntity } from './entities/github-app.entity.js';
export { GithubAppManifestEntity } from './entities/github-app-manifest.entity.js';
export { ForkApprovalEntity, type ForkApprovalStatus } from './entities/fork-approval.entity.js';
export { GithubInstallationEntity, type InstallationStatus } from './entities/github-installation.entity.js';
export { GithubRepositoryEntity } from './entities/github-repository.entity.js';
export { RepositoryAccessEntity } from './entities/repository-access.entity.js';
export { type GithubRemote, GithubReportEntity } from './entities/github-report.entity.js';
export { WebhookEntity } from './entities/webhook.entity.js';
export {
  MESSAGE_STATUSES,
  type MessageStatus,
  WebhookMessageEntity,
} from './entities/webhook-message.entity.js';
export { RegistryEntity } from './entities/registry.entity.js';
export { EnvVarEntity } from './entities/env-var.entity.js';
export { ExecutionEntity } from './entities/execution.entity.js';
export { IdempotencyKeyEntity } from './entities/idempotency-key.entity.js';
export { NodeEntity, type NodeRemaining } from './entities/node.entity.js';
export { PullRequestEntity } from './entities/pull-request.entity.js';
export { ProjectServiceEntity } from './entities/project-service.entity.js';
export { ProjectEntity, type ProjectStatus } from './entities/project.entity.js';
export { ServiceSizeEntity } from './entities/service-size.entity.js';
export { SessionEntity } from './entities/session.entity.js';
export { JoinTokenEntity } from './entities/join-token.entity.js';
export { WebhookDeliveryEntity } from './entities/webhook-delivery.entity.js';
export { LeaseLostError, Leases, type Lease } from './leases/lease.js';
export { postgresErrorMessage, isDatabaseUnavailable, isDatabaseError } from './database-errors.js';
export {
  type DatabaseDump,
  dumpDatabase,
  type DumpedSequence,
  type DumpedTable,
  type SnapshotQuery,
} from './dump/dump-database.js';
export { assertKnownMigrations, databaseUse, DumpRefusedError, loadDatabase } from './dump/load-database.js';
export { migrate } from './migrate.js';
export {
  deleteOutboxRows,
  lockStaleOutboxRows,
  type OutboxRow,
  type RawOutboxRow,
} from './outbox/outbox-rows.js';
export { postgresErrorCode } from './postgres-error-code.js';
export { BatchLoader } from './batch-loader.js';
export { queryNamed } from './query-named.js';
export { Transaction, UnitOfWork, type RecordedEvent } from './unit-of-work.js';
export { waitForSchema } from './wait-for-schema.js';
export { HostnameEntity } from './entities/hostname.entity.js';
export { ContainerHealthEntity } from './entities/container-health.entity.js';
export { ContainerOutputEntity } from './entities/container-output.entity.js';
export { OutputArchiveEntity } from './entities/output-archive.entity.js';
export { DeploymentLogEntity } from './entities/deployment-log.entity.js';
export { ExecutionLogEntity } from './entities/execution-log.entity.js';
export { type PreparedQuery } from './prepared-query.js';
