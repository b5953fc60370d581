export { findUsage, type Usage } from './accounts/find-usage.js';
export { affected } from './affected.js';
export { findBranchesInDoubt } from './branches/find-branches-in-doubt.js';
export { settleDoubt, takePush, type BranchMove, type PushOutcome } from './branches/take-push.js';
export { deployToBranch } from './branches/follow-branch.js';
export {
  cacheListingBegins,
  findCacheRecords,
  keepCacheRecords,
  type KnownCacheRecord,
} from './builds/build-cache-records.js';
export { findUnwantedImages, type ImageOnEngine, type UnwantedImage } from './builds/find-unwanted-images.js';
export { isImageKept } from './builds/is-image-kept.js';
export { createDataSource, dataSourceOptions } from './data-source.js';
export { DatabaseModule, LeaseModule } from './database.module.js';
export { deleteExpired } from './delete-expired.js';
export { BuildClaims } from './deployments/claim-build.js';
export { cancelDeployment, cancelQueued } from './deployments/cancel-deployment.js';
export {
  findDeployments,
  type FoundDeployment,
  type ShownDeployment,
  type WantedDeployment,
} from './deployments/find-deployments.js';
export { failBuild, finishBuild, type BuiltImage, type HeldBuild } from './deployments/finish-build.js';
export { failRollout, finishRollout } from './deployments/finish-rollout.js';
export { type Commit } from './deployments/queue-deployment.js';
export { setCommit } from './deployments/set-commit.js';
export { setSpec } from './deployments/set-spec.js';
export { supersedeBuild } from './deployments/supersede-build.js';
export { AccountEntity } from './entities/account.entity.js';
export { ApiKeyEntity } from './entities/api-key.entity.js';
export { BranchEntity } from './entities/branch.entity.js';
export { DatabaseBackupEntity } from './entities/database-backup.entity.js';
export { DeploymentEntity, type DeploymentTrigger } from './entities/deployment.entity.js';
export { EnvironmentServiceEntity } from './entities/environment-service.entity.js';
export { EnvironmentEntity } from './entities/environment.entity.js';
export { EnvVarEntity } from './entities/env-var.entity.js';
export { ExecutionEntity } from './entities/execution.entity.js';
export { IdempotencyKeyEntity } from './entities/idempotency-key.entity.js';
export { NodeEntity } from './entities/node.entity.js';
export { ProjectServiceEntity } from './entities/project-service.entity.js';
export { ProjectEntity, type ProjectStatus } from './entities/project.entity.js';
export { SessionEntity } from './entities/session.entity.js';
export { SwarmEntranceEntity } from './entities/swarm-entrance.entity.js';
export { WebhookDeliveryEntity } from './entities/webhook-delivery.entity.js';
export { actOnEnvironment } from './environments/act-on-environment.js';
export { destroyEnvironment } from './environments/destroy-environment.js';
export { clearEnvironmentError, recordEnvironmentError } from './environments/environment-errors.js';
export {
  expireEnvironment,
  findExpiredEnvironments,
  type ExpiredEnvironment,
} from './environments/expire-environments.js';
export {
  findForgottenEnvironments,
  findStoppedEnvironments,
} from './environments/find-forgotten-environments.js';
export { giveUpAllImages, giveUpOldImages } from './environments/give-up-images.js';
export { rollBack } from './environments/roll-back.js';
export { restoreDatabase } from './environments/restore-database.js';
export {
  findIdleCandidates,
  putToSleep,
  recordRequests,
  type HostRequests,
  type IdleCandidate,
} from './environments/idle-environments.js';
export { findRoute, findRoutes, lockRoutes, type Route } from './environments/routes.js';
export {
  findDatabaseGeneration,
  giveUpHooks,
  isBeingReset,
  isNewEnvironment,
  recordInitialised,
  recordPaused,
  recordReset,
  recordResumed,
} from './environments/settle-lifecycle.js';
export { wakeEnvironment } from './environments/wake-environment.js';
export { recordDestroyed, settleEnvironment } from './environments/settle-environment.js';
export { cancelExecution } from './executions/cancel-execution.js';
export {
  findIdleExecutions,
  findUnsettledExecutions,
  findUnwanted,
  type UnwantedBecause,
} from './executions/find-executions.js';
export {
  beginExecution,
  finishExecution,
  settleExecution,
  type ExecutionOutcome,
  type HeldExecution,
} from './executions/move-execution.js';
export { queueExecution } from './executions/queue-execution.js';
export { countLogWriters, isLogWhole, logArchiveOf, openLogWriter } from './log-owner.js';
export { deleteProject } from './projects/delete-project.js';
export { findDeletedProjects } from './projects/find-deleted-projects.js';
export { LeaseLostError, Leases, type Lease } from './leases/lease.js';
export { findStatuses } from './find-statuses.js';
export { isDatabaseAway } from './is-database-away.js';
export { migrate } from './migrate.js';
export { findLeavingNodes, recordNodes, type LeavingNode } from './nodes/record-nodes.js';
export { deleteOutboxRows, takeLeftOutboxRows, type OutboxRow } from './outbox/outbox-rows.js';
export { postgresErrorCode } from './postgres-error-code.js';
export {
  MAX_BACKUPS,
  findBackups,
  findEnvironmentsWithExpiredBackups,
  findExpiredBackups,
  forgetBackup,
  keepBackup,
} from './services/database-backups.js';
export {
  findEnvironmentServices,
  findLeftServices,
  findProjectServices,
  forgetEnvironmentServices,
  forgetProjectServices,
  hasActiveEnvironment,
  keepEnvironmentService,
  keepProjectService,
  isServiceInUse,
  placeProjectService,
  recordProvisioned,
  unplaceProjectService,
  type ServicePart,
} from './services/service-rows.js';
export { Together } from './together.js';
export { Transaction, UnitOfWork } from './unit-of-work.js';
export { takePushesAtOnce, type DeliveredPush } from './webhooks/take-pushes-at-once.js';
export { waitForSchema } from './wait-for-schema.js';
