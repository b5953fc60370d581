export { type AuditFilter, AuditReader } from './audit/audit-reader.js';
export { AuditRepository } from './audit/audit.repository.js';
export { recordAudit } from './audit/record-audit.js';
export { type RequestOrigin, requestOrigin, withRequestOrigin } from './audit/request-origin.js';
export { BranchLookupsRepository, type BranchInDoubt } from './branches/branch-lookups.repository.js';
export {
  BranchChecksRepository,
  type CheckClaim,
  type CheckedBranch,
} from './branches/branch-checks.repository.js';
export { destroyMissing } from './branches/destroy-missing.js';
export { deployToBranch } from './branches/follow-branch.js';
export { applyReview } from './forks/apply-review.js';
export type { Review } from './forks/review.js';
export { destroyForks } from './forks/destroy-forks.js';
export { DueForksRepository } from './forks/due-forks.repository.js';
export { type CheckedFork, ForkChecksRepository } from './forks/fork-checks.repository.js';
export { NewBranchesRepository } from './branches/new-branches.repository.js';
export { ForkApprovalsRepository, type PendingApproval } from './forks/fork-approvals.repository.js';
export { rerunChecks, type RerunRequest } from './checks/rerun-checks.js';
export { applyPullRequest } from './pull-requests/apply-pull-request.js';
export {
  type PullRequestChange,
  recordPullRequest,
  type PullRequestState,
} from './pull-requests/record-pull-request.js';
export { type BranchMove, applyPush, settleDoubt } from './branches/apply-push.js';
export { dropDoubt } from './branches/drop-doubt.js';
export { type DeliveredRepository, followRepository } from './projects/follow-repository.js';
export { type NewDelivery } from './deliveries/accept-deliveries.js';
export {
  DeliveriesRepository,
  type DeliveryBacklog,
  type WaitingDelivery,
} from './deliveries/deliveries.repository.js';
export {
  type ProjectWithWebhook,
  WebhookSecretsRepository,
} from './deliveries/webhook-secrets.repository.js';
export { type DeliveryLook, DeliveryLooksRepository } from './deliveries/delivery-looks.repository.js';
export {
  type DeliveryAttempt,
  type LostDelivery,
  LostDeliveriesRepository,
} from './deliveries/lost-deliveries.repository.js';
export { DeliveryLists, type DeliveryView } from './deliveries/delivery-lists.js';
export { BuildClaims } from './deployments/build-claims.js';
export {
  BuildUsageRepository,
  type DailyUsage,
  type DayRange,
  type UnmeteredRun,
  type UsageDrift,
} from './build-usage/build-usage.repository.js';
export { settleBuildMinutes } from './build-usage/settle-build-minutes.js';
export { type NextBuild } from './deployments/transitions/claim-next.js';
export {
  claimBuild,
  failBuild,
  finishBuild,
  type DeployableImage,
  type HeldBuild,
} from './deployments/transitions/build.js';
export { supersedeBuild } from './deployments/transitions/supersede.js';
export { type StartableBuild } from './deployments/waiting-accounts.js';
export { cancelDeployment, cancelQueued } from './deployments/transitions/cancel.js';
export { type Commit } from './deployments/transitions/queue.js';
export { skipBuild } from './deployments/transitions/skip.js';
export { type LiveCommit } from './deployments/live-commit.js';
export { failRollout, finishRollout } from './deployments/transitions/rollout.js';
export { actOnEnvironment } from './environments/act-on-environment.js';
export { restoreDatabase } from './environments/restore-database.js';
export { rollBack } from './environments/roll-back.js';
export { lockAccounts } from './quota/account-lock.js';
export { admitProject } from './quota/admission.js';
export { type QuotaDrift, QuotaDriftRepository } from './quota/quota-drift.repository.js';
export { type ServiceSize, ServiceSizesRepository } from './quota/service-sizes.repository.js';
export { SettingsAdmission } from './quota/settings-admission.js';
export { type ReservedUsage } from './quota/usage.js';
export { recordReset, settleEnvironment } from './environments/settle-environment.js';
export { destroyEnvironment, recordDestroyed } from './environments/transitions/destroy.js';
export { recordHooksFailed, recordStartFailed } from './environments/transitions/fail.js';
export {
  recordPaused,
  recordPausing,
  recordResumed,
  recordResuming,
} from './environments/transitions/pause.js';
export { wakeEnvironment } from './environments/wake-environment.js';
export { EventsRepository, type DeploymentEvent, type EnvironmentEvent } from './events/events.repository.js';
export {
  type ExecutionOutcome,
  beginExecution,
  cancelExecution,
  finishExecution,
  queueExecution,
  type HeldExecution,
} from './executions/transitions.js';
export {
  ContainerRunsRepository,
  type RecordedEnd,
  type ReportedRun,
  type RunFacts,
} from './health/container-runs.repository.js';
export {
  type ContainerHealthFacts,
  EnvironmentHealthRepository,
  type HealthSubject,
} from './health/environment-health.repository.js';
export { HeldRestartsRepository } from './health/held-restarts.repository.js';
export { holdRestarts, isHoldOver, recordHealth, releaseRestarts } from './health/transitions.js';
export { deleteProject } from './projects/delete-project.js';
export { AccountsRepository, type LocalAccount } from './accounts/accounts.repository.js';
export { ApiKeysRepository, type KeyUse, type NewApiKey } from './accounts/api-keys.repository.js';
export { SessionsRepository } from './accounts/sessions.repository.js';
export { BranchesRepository } from './branches/branches.repository.js';
export {
  type BuildAttempt,
  type DeploymentFilter,
  type DeploymentOfAccount,
  DeploymentsRepository,
  type DeploymentSummary,
  type DeploymentWithHostname,
} from './deployments/deployments.repository.js';
export {
  type DueEnvironment,
  DueEnvironmentsRepository,
} from './environments/due-environments.repository.js';
export { EnvironmentDatabasesRepository } from './environments/environment-databases.repository.js';
export { EnvironmentErrorsRepository } from './environments/environment-errors.repository.js';
export { EnvironmentsRepository } from './environments/environments.repository.js';
export { expireEnvironment, type ExpiredEnvironment } from './environments/expire-environment.js';
export {
  type HostRequests,
  type IdleCandidate,
  IdleEnvironmentsRepository,
} from './environments/idle-environments.repository.js';
export { putToSleep } from './environments/put-to-sleep.js';
export { type Hostnames, HostnamesRepository } from './environments/hostnames.repository.js';
export { type EnvironmentAtHost, type Route, RoutesRepository } from './environments/routes.repository.js';
export { ExecutionsRepository, type StopReason } from './executions/executions.repository.js';
export {
  AppManifestsRepository,
  type ManifestClaim,
  type NewAppManifest,
  type OpenAppManifest,
} from './github-app/app-manifests.repository.js';
export { GithubAppRepository, type NewGithubApp } from './github-app/github-app.repository.js';
export {
  type ClaimedReport,
  GithubReportsRepository,
  type ToldReport,
} from './github-reports/github-reports.repository.js';
export {
  GITHUB_REPORT_STATUSES,
  GithubReportLists,
  type GithubReportStatus,
  type GithubReportView,
} from './github-reports/github-report-lists.js';
export {
  type DeploymentReportFacts,
  ReportFactsRepository,
} from './github-reports/report-facts.repository.js';
export {
  wantComment,
  wantDeploymentReports,
  wantEndReports,
  wantSkipReport,
} from './github-reports/wanted-reports.js';
export { IdempotencyKeysRepository } from './idempotency/idempotency-keys.repository.js';
export { BuildCacheRepository, type OwnedCacheRecord } from './images/build-cache.repository.js';
export { type ImageOnEngine, ImagesRepository, type UnwantedImage } from './images/images.repository.js';
export { InstallationsRepository } from './installations/installations.repository.js';
export { recordConfirmed } from './installations/record-confirmed.js';
export {
  type InstallationOwnerRow,
  type KnownInstallation,
  noteInstallation,
} from './installations/transitions.js';
export {
  type InstallationResult,
  recordInstallation,
  type ToldInstallation,
} from './installations/record-installation.js';
export type {
  FoundInstallation,
  FoundRepository,
  InstallationClaim,
} from './installations/record-listing.js';
export { recordRepository, type ToldRepository } from './installations/record-repository.js';
export { type ConnectionRule, settleConnections } from './installations/settle-connections.js';
export {
  type AskedRepository,
  pauseDeleted,
  pauseDenied,
  resumeAccessible,
} from './projects/inaccessible-repositories.js';
export { type PausableProject, type PauseChange, resumeDeploys } from './projects/pause-deploys.js';
export { type LogArchive, LogsRepository } from './logs/logs.repository.js';
export { OutputArchivesRepository } from './logs/output-archives.repository.js';
export { CapacityClaimsRepository, type ClaimedRoom } from './nodes/capacity-claims.repository.js';
export { JoinTokenRepository } from './nodes/join-token.repository.js';
export { type NodeLosses } from './nodes/node-losses.js';
export { type LeavingNode, NodeRemovalsRepository } from './nodes/node-removals.repository.js';
export {
  DeploymentMovesRepository,
  type DeploymentOnNode,
} from './deployments/deployment-moves.repository.js';
export { NodesRepository, type ObservedNode } from './nodes/nodes.repository.js';
export {
  type DeploymentFacts,
  type NewMessage,
  NO_SUBJECT,
  NotificationsRepository,
  type SubjectEvent,
  type SubjectFacts,
} from './notifications/notifications.repository.js';
export {
  type Attempt,
  type ClaimedMessage,
  type FailedAttempt,
  WebhookMessagesRepository,
} from './notifications/webhook-messages.repository.js';
export { type WebhookOwner, WebhooksRepository } from './notifications/webhooks.repository.js';
export { type PageRequest } from './page.js';
export { RegistriesRepository } from './projects/registries.repository.js';
export {
  PROJECT_RESOURCES,
  ProjectOfRepository,
  type ProjectResource,
} from './projects/project-of.repository.js';
export { EnvVarsRepository, type EnvVarTotals } from './projects/env-vars.repository.js';
export { type ProjectColumns, ProjectsRepository } from './projects/projects.repository.js';
export { SubnetsRepository } from './projects/subnets.repository.js';
export {
  AccountInstallationsRepository,
  type InstallationView,
} from './repository-access/account-installations.repository.js';
export {
  RepositoryAccessRepository,
  type RepositoryCandidate,
  type RepositoryUse,
} from './repository-access/repository-access.repository.js';
export { type Deleted, RetentionRepository } from './retention/retention.repository.js';
export {
  SEALED_TABLES,
  type SealedTable,
  type SealedValue,
  SealedValuesRepository,
} from './sealed-values/sealed-values.repository.js';
export { DatabaseBackupsRepository, MAX_BACKUPS } from './services/database-backups.repository.js';
export {
  type EnvironmentServiceKey,
  EnvironmentServicesRepository,
} from './services/environment-services.repository.js';
export { type ProjectServiceKey, ProjectServicesRepository } from './services/project-services.repository.js';
export { StateModule } from './state.module.js';
export { recordStorageLevel } from './services/record-storage-level.js';
export { type ServiceStorage, ServiceStorageRepository } from './services/service-storage.repository.js';
export {
  type BackedUpRows,
  type BackedUpService,
  moveRowsToNode,
  readBackedUpRows,
} from './backup/backed-up-rows.js';
