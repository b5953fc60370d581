import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { ApiKeysRepository } from './accounts/api-keys.repository.js';
import { SessionsRepository } from './accounts/sessions.repository.js';
import { AuditReader } from './audit/audit-reader.js';
import { AuditRepository } from './audit/audit.repository.js';
import { BranchChecksRepository } from './branches/branch-checks.repository.js';
import { BranchLookupsRepository } from './branches/branch-lookups.repository.js';
import { BranchesRepository } from './branches/branches.repository.js';
import { NewBranchesRepository } from './branches/new-branches.repository.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { WebhookSecretsRepository } from './deliveries/webhook-secrets.repository.js';
import { DeliveryLists } from './deliveries/delivery-lists.js';
import { DeliveryLooksRepository } from './deliveries/delivery-looks.repository.js';
import { LostDeliveriesRepository } from './deliveries/lost-deliveries.repository.js';
import { DeploymentMovesRepository } from './deployments/deployment-moves.repository.js';
import { DeploymentsRepository } from './deployments/deployments.repository.js';
import { DueEnvironmentsRepository } from './environments/due-environments.repository.js';
import { EnvironmentDatabasesRepository } from './environments/environment-databases.repository.js';
import { EnvironmentErrorsRepository } from './environments/environment-errors.repository.js';
import { EnvironmentsRepository } from './environments/environments.repository.js';
import { IdleEnvironmentsRepository } from './environments/idle-environments.repository.js';
import { HostnamesRepository } from './environments/hostnames.repository.js';
import { RoutesRepository } from './environments/routes.repository.js';
import { EventsRepository } from './events/events.repository.js';
import { ExecutionsRepository } from './executions/executions.repository.js';
import { DueForksRepository } from './forks/due-forks.repository.js';
import { ForkApprovalsRepository } from './forks/fork-approvals.repository.js';
import { ForkChecksRepository } from './forks/fork-checks.repository.js';
import { BuildUsageRepository } from './build-usage/build-usage.repository.js';
import { ContainerRunsRepository } from './health/container-runs.repository.js';
import { EnvironmentHealthRepository } from './health/environment-health.repository.js';
import { HeldRestartsRepository } from './health/held-restarts.repository.js';
import { AppManifestsRepository } from './github-app/app-manifests.repository.js';
import { GithubAppRepository } from './github-app/github-app.repository.js';
import { GithubReportLists } from './github-reports/github-report-lists.js';
import { GithubReportsRepository } from './github-reports/github-reports.repository.js';
import { ReportFactsRepository } from './github-reports/report-facts.repository.js';
import { IdempotencyKeysRepository } from './idempotency/idempotency-keys.repository.js';
import { BuildCacheRepository } from './images/build-cache.repository.js';
import { ImagesRepository } from './images/images.repository.js';
import { InstallationsRepository } from './installations/installations.repository.js';
import { LogsRepository } from './logs/logs.repository.js';
import { OutputArchivesRepository } from './logs/output-archives.repository.js';
import { CapacityClaimsRepository } from './nodes/capacity-claims.repository.js';
import { JoinTokenRepository } from './nodes/join-token.repository.js';
import { NodeRemovalsRepository } from './nodes/node-removals.repository.js';
import { NodesRepository } from './nodes/nodes.repository.js';
import { EnvVarsRepository } from './projects/env-vars.repository.js';
import { NotificationsRepository } from './notifications/notifications.repository.js';
import { WebhookMessagesRepository } from './notifications/webhook-messages.repository.js';
import { WebhooksRepository } from './notifications/webhooks.repository.js';
import { ProjectOfRepository } from './projects/project-of.repository.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { RegistriesRepository } from './projects/registries.repository.js';
import { SubnetsRepository } from './projects/subnets.repository.js';
import { AccountInstallationsRepository } from './repository-access/account-installations.repository.js';
import { RepositoryAccessRepository } from './repository-access/repository-access.repository.js';
import { RetentionRepository } from './retention/retention.repository.js';
import { SealedValuesRepository } from './sealed-values/sealed-values.repository.js';
import { DatabaseBackupsRepository } from './services/database-backups.repository.js';
import { EnvironmentServicesRepository } from './services/environment-services.repository.js';
import { ProjectServicesRepository } from './services/project-services.repository.js';
import { ServiceStorageRepository } from './services/service-storage.repository.js';
import { QuotaDriftRepository } from './quota/quota-drift.repository.js';
import { ServiceSizesRepository } from './quota/service-sizes.repository.js';
import { SettingsAdmission } from './quota/settings-admission.js';
import { BuildClaims } from './deployments/build-claims.js';

const REPOSITORIES = [
  BuildClaims,
  AccountInstallationsRepository,
  AccountsRepository,
  ApiKeysRepository,
  AuditReader,
  AuditRepository,
  BranchChecksRepository,
  BranchLookupsRepository,
  BranchesRepository,
  NewBranchesRepository,
  BuildCacheRepository,
  BuildUsageRepository,
  ContainerRunsRepository,
  DatabaseBackupsRepository,
  DeliveriesRepository,
  DeliveryLists,
  DeliveryLooksRepository,
  DeploymentMovesRepository,
  DeploymentsRepository,
  DueEnvironmentsRepository,
  EnvVarsRepository,
  EnvironmentDatabasesRepository,
  EnvironmentErrorsRepository,
  EnvironmentHealthRepository,
  HeldRestartsRepository,
  EnvironmentServicesRepository,
  EnvironmentsRepository,
  EventsRepository,
  ExecutionsRepository,
  AppManifestsRepository,
  GithubAppRepository,
  DueForksRepository,
  ForkApprovalsRepository,
  ForkChecksRepository,
  GithubReportLists,
  GithubReportsRepository,
  ReportFactsRepository,
  InstallationsRepository,
  IdempotencyKeysRepository,
  IdleEnvironmentsRepository,
  ImagesRepository,
  CapacityClaimsRepository,
  JoinTokenRepository,
  LogsRepository,
  LostDeliveriesRepository,
  NodeRemovalsRepository,
  NodesRepository,
  NotificationsRepository,
  OutputArchivesRepository,
  ProjectOfRepository,
  ProjectServicesRepository,
  ProjectsRepository,
  QuotaDriftRepository,
  ServiceSizesRepository,
  SettingsAdmission,
  RegistriesRepository,
  RepositoryAccessRepository,
  RetentionRepository,
  HostnamesRepository,
  RoutesRepository,
  SealedValuesRepository,
  ServiceStorageRepository,
  SessionsRepository,
  SubnetsRepository,
  WebhookMessagesRepository,
  WebhookSecretsRepository,
  WebhooksRepository,
];

/** Provides all repositories; apps and higher-level libraries import it. */
@Module({ imports: [DatabaseModule], providers: REPOSITORIES, exports: [DatabaseModule, ...REPOSITORIES] })
export class StateModule {}
