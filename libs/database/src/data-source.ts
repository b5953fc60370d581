import { type DatabaseConfig } from '@nexos/config';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DeadlinePool } from './deadlines/deadline-pool.js';
import { AccountInstallationEntity } from './entities/account-installation.entity.js';
import { AccountEntity } from './entities/account.entity.js';
import { AgentEntity } from './entities/agent.entity.js';
import { ApiKeyEntity } from './entities/api-key.entity.js';
import { AuditRecordEntity } from './entities/audit-record.entity.js';
import { BranchEntity } from './entities/branch.entity.js';
import { BuildCacheRecordEntity } from './entities/build-cache-record.entity.js';
import { BuildRunEntity } from './entities/build-run.entity.js';
import { BuildUsageEntity } from './entities/build-usage.entity.js';
import { CapacityClaimEntity } from './entities/capacity-claim.entity.js';
import { ContainerHealthEntity } from './entities/container-health.entity.js';
import { ContainerOutputEntity } from './entities/container-output.entity.js';
import { ContainerRunEntity } from './entities/container-run.entity.js';
import { DatabaseBackupEntity } from './entities/database-backup.entity.js';
import { DeploymentEventEntity } from './entities/deployment-event.entity.js';
import { DeploymentLogEntity } from './entities/deployment-log.entity.js';
import { DeploymentEntity } from './entities/deployment.entity.js';
import { EnvironmentEventEntity } from './entities/environment-event.entity.js';
import { EnvironmentHealthEntity } from './entities/environment-health.entity.js';
import { EnvironmentServiceEntity } from './entities/environment-service.entity.js';
import { EnvironmentEntity } from './entities/environment.entity.js';
import { RegistryEntity } from './entities/registry.entity.js';
import { EnvVarEntity } from './entities/env-var.entity.js';
import { ExecutionLogEntity } from './entities/execution-log.entity.js';
import { ExecutionEntity } from './entities/execution.entity.js';
import { GithubAppEntity } from './entities/github-app.entity.js';
import { GithubAppManifestEntity } from './entities/github-app-manifest.entity.js';
import { ForkApprovalEntity } from './entities/fork-approval.entity.js';
import { GithubInstallationEntity } from './entities/github-installation.entity.js';
import { GithubPauseEntity } from './entities/github-pause.entity.js';

import { GithubReportEntity } from './entities/github-report.entity.js';
import { GithubRepositoryEntity } from './entities/github-repository.entity.js';
import { RepositoryAccessEntity } from './entities/repository-access.entity.js';
import { HealthWatchEntity } from './entities/health-watch.entity.js';
import { HostnameEntity } from './entities/hostname.entity.js';
import { IdempotencyKeyEntity } from './entities/idempotency-key.entity.js';
import { NodeEntity } from './entities/node.entity.js';
import { OutputArchiveEntity } from './entities/output-archive.entity.js';
import { OutboxEntity } from './entities/outbox.entity.js';
import { ProjectServiceEntity } from './entities/project-service.entity.js';
import { ProjectEntity } from './entities/project.entity.js';
import { PullRequestEntity } from './entities/pull-request.entity.js';
import { ServiceSizeEntity } from './entities/service-size.entity.js';
import { SessionEntity } from './entities/session.entity.js';
import { JoinTokenEntity } from './entities/join-token.entity.js';
import { LostDeliveryEntity } from './entities/lost-delivery.entity.js';
import { WebhookEntity } from './entities/webhook.entity.js';
import { WebhookMessageEntity } from './entities/webhook-message.entity.js';
import { WebhookSecretEntity } from './entities/webhook-secret.entity.js';
import { WebhookDeliveryEntity } from './entities/webhook-delivery.entity.js';
import { RepositoryIds1766600000000 } from './migrations/1766600000000-repository-ids.js';
import { PullRequests1766800000001 } from './migrations/1766800000001-pull-requests.js';
import { SkippedDeployments1766800000000 } from './migrations/1766800000000-skipped-deployments.js';
import { BranchChecks1766700000000 } from './migrations/1766700000000-branch-checks.js';
import { GithubReports1766900000000 } from './migrations/1766900000000-github-reports.js';
import { GithubInstallations1767000000000 } from './migrations/1767000000000-github-installations.js';
import { StoredGithubApp1767100000000 } from './migrations/1767100000000-stored-github-app.js';
import { ForkApprovals1767200060000 } from './migrations/1767200060000-fork-approvals.js';
import { AccessExemption1767400000000 } from './migrations/1767400000000-access-exemption.js';
import { HeadsWhenPaused1767300000000 } from './migrations/1767300000000-heads-when-paused.js';
import { LostDeliveries1767200000000 } from './migrations/1767200000000-lost-deliveries.js';
import { CommitIndex1767500000000 } from './migrations/1767500000000-commit-index.js';
import { Quotas1767600000000 } from './migrations/1767600000000-quotas.js';
import { BuildMinutes1767700000000 } from './migrations/1767700000000-build-minutes.js';
import { AuditLog1767800000000 } from './migrations/1767800000000-audit-log.js';
import { ProjectKeys1767800000001 } from './migrations/1767800000001-project-keys.js';
import { KeyFingerprints1767900060000 } from './migrations/1767900060000-key-fingerprints.js';
import { Containers1766300000000 } from './migrations/1766300000000-containers.js';
import { ProjectWebhookSecrets1766650000000 } from './migrations/1766650000000-project-webhook-secrets.js';
import { Webhooks1766500000000 } from './migrations/1766500000000-webhooks.js';
import { SettingsDocument1765152000000 } from './migrations/1765152000000-settings-document.js';
import { VolumeSuffixes1764806460000 } from './migrations/1764806460000-volume-suffixes.js';
import { EnvironmentErrors1764806400000 } from './migrations/1764806400000-environment-errors.js';
import { DeploymentSpec1764201600000 } from './migrations/1764201600000-deployment-spec.js';
import { Initial1761955200000 } from './migrations/1761955200000-initial.js';
import { ListIndexes1764115200000 } from './migrations/1764115200000-list-indexes.js';
import { PublicApi1764028800000 } from './migrations/1764028800000-public-api.js';
import { BranchLookupEntity } from './entities/branch-lookup.entity.js';
import { DeliveryLookEntity } from './entities/delivery-look.entity.js';
import { DeliveryOutcomeEntity } from './entities/delivery-outcome.entity.js';
import { DeliveryInbox1765324800000 } from './migrations/1765324800000-delivery-inbox.js';
import { EnvironmentFailures1765540000000 } from './migrations/1765540000000-environment-failures.js';
import { SettingSources1765540100000 } from './migrations/1765540100000-setting-sources.js';
import { EnvironmentHealth1765500000000 } from './migrations/1765500000000-environment-health.js';
import { ReplayedDeliveries1765411200000 } from './migrations/1765411200000-replayed-deliveries.js';
import { LogFrames1765520000000 } from './migrations/1765520000000-log-frames.js';
import { PublicVariables1765800120000 } from './migrations/1765800120000-public-variables.js';
import { CapacityClaims1766000200000 } from './migrations/1766000200000-capacity-claims.js';
import { StartFacts1766000100000 } from './migrations/1766000100000-start-facts.js';
import { HookImages1765800060000 } from './migrations/1765800060000-hook-images.js';
import { HooksThatRan1765800000000 } from './migrations/1765800000000-hooks-that-ran.js';
import { NodeRemoval1765550000000 } from './migrations/1765550000000-node-removal.js';
import { ServiceVersions1765700000000 } from './migrations/1765700000000-service-versions.js';
import { MoveFailures1765600100000 } from './migrations/1765600100000-move-failures.js';
import { BuildVariables1766100000000 } from './migrations/1766100000000-build-variables.js';
import { Registries1766100100000 } from './migrations/1766100100000-registries.js';
import { ProjectSubnets1765600000000 } from './migrations/1765600000000-project-subnets.js';
import { Seeds1764374400000 } from './migrations/1764374400000-seeds.js';
import { Executions1764460800000 } from './migrations/1764460800000-executions.js';
import { SharedServices1764288000000 } from './migrations/1764288000000-shared-services.js';
import { RollbackAndExpiry1764223200000 } from './migrations/1764223200000-rollback-and-expiry.js';
import { CacheRecordedAt1764892800000 } from './migrations/1764892800000-cache-recorded-at.js';
import { EventsPassedOn1765238400000 } from './migrations/1765238400000-events-passed-on.js';
import { Events1765065600000 } from './migrations/1765065600000-events.js';
import { BuildsGivenBack1764979200000 } from './migrations/1764979200000-builds-given-back.js';
import { BuildCacheRecords1764720000000 } from './migrations/1764720000000-build-cache-records.js';
import { SleepingEnvironments1764547200000 } from './migrations/1764547200000-sleeping-environments.js';

/**
 * Returns the connection options. Only migrations change the schema.
 *
 * @param timeoutMs how long to wait for a connection, and for each query; by default, only connecting has a limit
 */
export function dataSourceOptions(config: DatabaseConfig, timeoutMs?: number): DataSourceOptions {
  return {
    type: 'postgres',
    // Otherwise TypeORM loads a second one at run time, past the bundle.
    driver: timeoutMs === undefined ? pg : { Pool: DeadlinePool, defaults: pg.defaults },
    url: config.url,
    applicationName: 'nexos',
    poolSize: config.poolSize,
    connectTimeoutMS: timeoutMs ?? 5_000,
    extra: {
      // A process that freezes in a transaction must not keep its locks.
      idle_in_transaction_session_timeout: 15_000,
      // Nobody waits for the query of a closed connection, so Postgres cancels it instead of changing anything later.
      options: '-c client_connection_check_interval=1000',
      keepAlive: true,
      deadlineMs: timeoutMs,
    },
    synchronize: false,
    migrationsRun: false,
    migrationsTransactionMode: 'each',
    logging: false,
    entities: [
      AccountEntity,
      AccountInstallationEntity,
      AgentEntity,
      ApiKeyEntity,
      AuditRecordEntity,
      BranchEntity,
      BranchLookupEntity,
      BuildCacheRecordEntity,
      BuildRunEntity,
      BuildUsageEntity,
      CapacityClaimEntity,
      ContainerHealthEntity,
      ContainerOutputEntity,
      ContainerRunEntity,
      DatabaseBackupEntity,
      DeliveryLookEntity,
      DeliveryOutcomeEntity,
      DeploymentEntity,
      DeploymentEventEntity,
      DeploymentLogEntity,
      EnvironmentEntity,
      EnvironmentEventEntity,
      EnvironmentHealthEntity,
      EnvironmentServiceEntity,
      EnvVarEntity,
      RegistryEntity,
      RepositoryAccessEntity,
      ExecutionEntity,
      ExecutionLogEntity,
      GithubAppEntity,
      GithubAppManifestEntity,
      ForkApprovalEntity,
      GithubInstallationEntity,
      GithubPauseEntity,
      GithubReportEntity,
      GithubRepositoryEntity,
      HealthWatchEntity,
      HostnameEntity,
      IdempotencyKeyEntity,
      NodeEntity,
      OutboxEntity,
      OutputArchiveEntity,
      ProjectEntity,
      PullRequestEntity,
      ProjectServiceEntity,
      ServiceSizeEntity,
      SessionEntity,
      JoinTokenEntity,
      LostDeliveryEntity,
      WebhookDeliveryEntity,
      WebhookEntity,
      WebhookMessageEntity,
      WebhookSecretEntity,
    ],
    migrations: [
      Initial1761955200000,
      PublicApi1764028800000,
      ListIndexes1764115200000,
      DeploymentSpec1764201600000,
      RollbackAndExpiry1764223200000,
      SharedServices1764288000000,
      Seeds1764374400000,
      Executions1764460800000,
      SleepingEnvironments1764547200000,
      BuildCacheRecords1764720000000,
      EnvironmentErrors1764806400000,
      VolumeSuffixes1764806460000,
      CacheRecordedAt1764892800000,
      BuildsGivenBack1764979200000,
      Events1765065600000,
      SettingsDocument1765152000000,
      EventsPassedOn1765238400000,
      DeliveryInbox1765324800000,
      ReplayedDeliveries1765411200000,
      EnvironmentHealth1765500000000,
      LogFrames1765520000000,
      EnvironmentFailures1765540000000,
      SettingSources1765540100000,
      NodeRemoval1765550000000,
      ServiceVersions1765700000000,
      HooksThatRan1765800000000,
      HookImages1765800060000,
      PublicVariables1765800120000,
      StartFacts1766000100000,
      CapacityClaims1766000200000,
      ProjectSubnets1765600000000,
      MoveFailures1765600100000,
      BuildVariables1766100000000,
      Registries1766100100000,
      Containers1766300000000,
      Webhooks1766500000000,
      RepositoryIds1766600000000,
      ProjectWebhookSecrets1766650000000,
      BranchChecks1766700000000,
      SkippedDeployments1766800000000,
      PullRequests1766800000001,
      GithubReports1766900000000,
      GithubInstallations1767000000000,
      StoredGithubApp1767100000000,
      LostDeliveries1767200000000,
      ForkApprovals1767200060000,
      HeadsWhenPaused1767300000000,
      AccessExemption1767400000000,
      CommitIndex1767500000000,
      Quotas1767600000000,
      BuildMinutes1767700000000,
      AuditLog1767800000000,
      ProjectKeys1767800000001,
      KeyFingerprints1767900060000,
    ],
  };
}

/** Creates a data source that is not yet connected. @param timeoutMs as for `dataSourceOptions` */
export function createDataSource(config: DatabaseConfig, timeoutMs?: number): DataSource {
  return new DataSource(dataSourceOptions(config, timeoutMs));
}
