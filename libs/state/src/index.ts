export { findUsage, type Usage } from './accounts/find-usage.js';
export { findBranchesInDoubt } from './branches/find-branches-in-doubt.js';
export { deployToBranch } from './branches/follow-branch.js';
export { type BranchMove, takePush, settleDoubt, type PushOutcome } from './branches/take-push.js';
export { takePushesAtOnce, type DeliveredPush } from './deliveries/take-pushes-at-once.js';
export { BuildClaims } from './deployments/build-claims.js';
export {
  type ShownDeployment,
  findDeployments,
  type FoundDeployment,
  type WantedDeployment,
} from './deployments/find-deployments.js';
export { setCommit } from './deployments/set-commit.js';
export { setDeploymentSettings } from './deployments/set-deployment-settings.js';
export {
  failBuild,
  finishBuild,
  supersedeBuild,
  type DeployableImage,
  type HeldBuild,
} from './deployments/transitions/build.js';
export { cancelDeployment, cancelQueued } from './deployments/transitions/cancel.js';
export { type Commit } from './deployments/transitions/queue.js';
export { failRollout, finishRollout } from './deployments/transitions/rollout.js';
export { actOnEnvironment } from './environments/act-on-environment.js';
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
export {
  findIdleCandidates,
  putToSleep,
  recordRequests,
  type HostRequests,
  type IdleCandidate,
} from './environments/idle-environments.js';
export { restoreDatabase } from './environments/restore-database.js';
export { rollBack } from './environments/roll-back.js';
export { findRoute, findRoutes, lockRoutes, type Route } from './environments/routes.js';
export {
  isNewEnvironment,
  recordInitialised,
  recordReset,
  isBeingReset,
  findDatabaseGeneration,
  giveUpHooks,
  settleEnvironment,
} from './environments/settle-environment.js';
export { destroyEnvironment, recordDestroyed } from './environments/transitions/destroy.js';
export { recordPaused, recordResumed } from './environments/transitions/pause.js';
export { wakeEnvironment } from './environments/wake-environment.js';
export { EventRepository, type DeploymentEvent, type EnvironmentEvent } from './events/event.repository.js';
export {
  findIdleExecutions,
  findUnsettledExecutions,
  findUnwanted,
  type UnwantedBecause,
} from './executions/find-executions.js';
export {
  type ExecutionOutcome,
  beginExecution,
  cancelExecution,
  finishExecution,
  queueExecution,
  settleExecution,
  type HeldExecution,
} from './executions/transitions.js';
export {
  cacheListingBegins,
  findCacheRecords,
  keepCacheRecords,
  type KnownCacheRecord,
} from './images/build-cache-records.js';
export { findUnwantedImages, type UnwantedImage, type ImageOnEngine } from './images/find-unwanted-images.js';
export { giveUpOldImages, giveUpAllImages } from './images/give-up-images.js';
export { isImageKept } from './images/is-image-kept.js';
export { findStatuses } from './logs/find-statuses.js';
export { openLogWriter, logArchiveOf, countLogWriters, isLogWhole } from './logs/log-owner.js';
export { findLeavingNodes, recordNodes, type LeavingNode } from './nodes/record-nodes.js';
export { deleteProject } from './projects/delete-project.js';
export { findDeletedProjects } from './projects/find-deleted-projects.js';
export { deleteExpired } from './retention/delete-expired.js';
export {
  findBackups,
  findExpiredBackups,
  forgetBackup,
  keepBackup,
  findEnvironmentsWithExpiredBackups,
  MAX_BACKUPS,
} from './services/database-backups.js';
export {
  findProjectServices,
  findEnvironmentServices,
  forgetEnvironmentServices,
  recordProvisioned,
  forgetProjectServices,
  hasActiveEnvironment,
  isServiceInUse,
  placeProjectService,
  unplaceProjectService,
  findLeftServices,
  keepEnvironmentService,
  keepProjectService,
  type EnvironmentServiceKey,
} from './services/service-rows.js';
