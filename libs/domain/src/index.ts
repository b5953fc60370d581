export { cutText } from './cut-text.js';
export { AUDIT_ACTIONS, type AuditAction, auditActionOf } from './audit/audit-action.js';
export { boundedRecord } from './audit/bounded-record.js';
export { changedFields } from './audit/changed-fields.js';
export { maskedCommand } from './audit/masked-command.js';
export { settleAll } from './settle-all.js';
export { countSubnets, overlap, subnetAt } from './subnets.js';
export {
  BRANCH_GLOB_RULE,
  isBranchGlob,
  isBranchSelected,
  matchesBranchGlob,
} from './branches/branch-glob.js';
export { isBranchName } from './branches/branch-name.js';
export {
  type BranchFinding,
  findingOn,
  type KnownBranch,
  type RemoteHeads,
} from './branches/branch-finding.js';
export { lookupBackOffMs } from './branches/lookup-back-off.js';
export {
  DELIVERY_ID_PATTERN,
  DELIVERY_OUTCOMES,
  DELIVERY_REASONS,
  deliveryRetryMs,
  joinDistinct,
  type DeliveryOutcome,
  type DeliveryReason,
  type DeliveryResult,
} from './deliveries/delivery-outcome.js';
export { hasSkipMark } from './deliveries/skip-mark.js';
export { findBuildOfRecord, cacheToEvict, type BuildSpan, type CacheRecord } from './build-cache.js';
export { variablesOfBranch, type BranchVariable } from './branches/branch-variables.js';
export { ARGUMENT, MAX_ARGUMENT, MAX_ARGUMENTS, SHELL } from './executions/command-rules.js';
export { DeploymentFailure, FAILURE_CODES, type FailureCode } from './deployments/deployment-failure.js';
export { assertPublicSources, registryOf } from './dockerfile/public-sources.js';
export { diskFull, isDiskFull, mentionsDiskFull } from './deployments/disk-full.js';
export {
  DEPLOYMENT_STATUSES,
  MAX_BUILD_ATTEMPTS,
  SKIP_REASONS,
  deploymentStatusesBefore,
  isDeploymentStatus,
  isUnfinished,
  type DeploymentStatus,
  type SkipReason,
} from './deployments/deployment-state.js';
export {
  ENVIRONMENT_STATUSES,
  VISIBLE_ENVIRONMENT_STATUSES,
  environmentStatusesBefore,
  isResuming,
  visibleEnvironmentStatus,
  type EnvironmentIntent,
  type DesiredState,
  type EnvironmentStatus,
  type VisibleEnvironmentStatus,
} from './environments/environment-state.js';
export { checkAction, type ActionFacts, type EnvironmentAction } from './environments/environment-action.js';
export {
  executionArgv,
  executionImage,
  type MissingService,
  missingService,
  type ExecutionArgv,
  type ExecutionImage,
} from './executions/execution-argv.js';
export {
  EXECUTION_FAILURE_CODES,
  ExecutionFailure,
  type ExecutionFailureCode,
} from './executions/execution-failure.js';
export {
  EXECUTION_TIMEOUT_SECONDS,
  executionRefusal,
  type ExecutionFacts,
} from './executions/execution-rules.js';
export {
  EXECUTION_STATUSES,
  executionStatusesBefore,
  isExecutionUnfinished,
  type ExecutionStatus,
} from './executions/execution-state.js';
export { ID_PREFIXES, idPattern, isId, newId, type IdKind } from './id.js';
export { failureOfHooks, failureToStart, retryDelaySeconds } from './environments/environment-failure.js';
export { isIdle, type IdleFacts } from './environments/idle-environment.js';
export {
  LIMIT_NAMES,
  LIMITS,
  limitProblem,
  MAX_LIMIT,
  type LimitName,
  type LimitRules,
  type Limits,
} from './quota/limits.js';
export { isActive } from './quota/active-environment.js';
export { type Excess, excessMessage, excessOf, QuotaExceededError } from './quota/excess.js';
export { quotaPeriod, type QuotaPeriod } from './quota/period.js';
export * from './quota/build-minutes.js';
export * from './builds/build-turns.js';
export { limitsOf, PLAN_NAMES, PLANS, type OwnLimits, type PlanName } from './quota/plans.js';
export {
  planEnvironment,
  type EnvironmentFacts,
  type EnvironmentStep,
  type PlannedContainer,
} from './environments/plan-environment.js';
export {
  isNoCommit,
  NO_COMMIT,
  comparePush,
  type BranchHead,
  type PushMove,
  type PushVerdict,
} from './branches/push-order.js';
export { checkRestore, type RestoreFacts } from './environments/restore.js';
export { checkRollback, type RollbackFacts, type RollbackTarget } from './deployments/rollback.js';
export {
  mayConnect,
  REPOSITORY_PERMISSIONS,
  type RepositoryPermission,
} from './accounts/repository-permission.js';
export { SCOPES, hasScope, type Scope } from './accounts/scope.js';
export { approvalRetryMs, forkBranch, forkPullRequest, isForkBranch } from './pull-requests/fork-branch.js';
export {
  branchObstacle,
  forkObstacle,
  PULL_REQUEST_OBSTACLES,
  type PullRequestFacts,
  type PullRequestObstacle,
  pullRequestObstacle,
  type PullRequestRule,
} from './pull-requests/pull-request-rule.js';
export { STORAGE_LEVELS, storageLevel, type StorageLevel } from './settings/storage-level.js';
export {
  isWatched,
  matchesPathGlob,
  MAX_PATH_GLOB,
  PATH_GLOB,
  PATH_GLOB_RULE,
} from './settings/watch-paths.js';
export { SERVICE_KINDS, type ServiceKind } from './settings/service-kind.js';
export {
  injectedNames,
  isPublicVariable,
  isReservedVariable,
  type ServiceVariable,
} from './settings/injected-variables.js';
export {
  assertReferences,
  expandVariables,
  hasReferences,
  reachableVariables,
  referenceProblem,
} from './settings/variable-references.js';
export {
  APP_EVENTS,
  APP_PERMISSIONS,
  appManifest,
  type AppManifest,
  defaultAppName,
  isReachableByGithub,
  MAX_APP_NAME,
  missingGrants,
  type MissingGrants,
} from './github-app/app-manifest.js';
export {
  CONNECTION_REASONS,
  type ConnectionReason,
  PAUSE_REASONS,
  pauseMessage,
  type PauseReason,
} from './projects/pause-reason.js';
export {
  type Connection,
  type ConnectionFacts,
  connectionOf,
  type InstallationState,
} from './projects/repository-connection.js';
export { isLoopback } from './nodes/loopback.js';
export { haveRoomFor, type NodeRoom, type Reservation } from './nodes/room.js';
export { hostLabel, projectSlug } from './slug.js';
export {
  ARGUMENT_NAME,
  argumentNameProblem,
  BUILD_USES,
  type BuildUse,
  MAX_VARIABLES,
  MAX_VARIABLE_VALUE,
  USER_VARIABLE_NAME,
  VARIABLE_NAME,
  VARIABLE_NAME_RULE,
  VARIABLE_VALUE,
  VARIABLE_VALUE_RULE,
  variableNameProblem,
} from './settings/variable-rules.js';
export {
  APP_CONTAINER,
  CONTAINER_NAME,
  CONTAINER_NAME_RULE,
  MAX_CONTAINERS,
  RESERVED_CONTAINERS,
} from './containers/container-name.js';
export { dependencyCycle, lateContainers, type Dependent } from './containers/start-order.js';
export { assertCommitSha, isCommitSha } from './branches/commit-sha.js';
export { keepsFile, namesFile } from './dockerfile/names-file.js';
export { placeOfStep, type StepPlace } from './dockerfile/step-place.js';
export { STARTING_POINTS, startingPointOf } from './dockerfile/starting-points.js';
export { declaredArguments } from './dockerfile/declared-arguments.js';
export { isNewerSyntax } from './dockerfile/newer-syntax.js';
export { DISPLAY_NAME, DISPLAY_NAME_RULE } from './projects/display-name.js';
export { isRepositoryName, parseRepositoryName } from './projects/repository-name.js';
export {
  MAX_REGISTRIES,
  MAX_REGISTRY_PASSWORD,
  registryHost,
  registryHostProblem,
  type RegistryLogin,
  registryOfImage,
  registryPasswordProblem,
  type RegistryUser,
  registryUserProblem,
} from './registries/registry-login.js';
export { type AccessConfirmation, isAccessConfirmed } from './projects/access-confirmation.js';
export { remoteFailure, type RemoteFailureCode } from './deployments/remote-failure.js';
export {
  COMMAND_ACTOR,
  DEPLOYMENT_EVENT_TYPES,
  ENVIRONMENT_EVENT_TYPES,
  GITHUB_ACTOR,
  githubActor,
  SYSTEM_ACTOR,
  systemCause,
  type Cause,
  type DeploymentEventType,
  type EnvironmentEventType,
  type EventData,
  type EventReason,
  type RequestedAction,
} from './events/event.js';
export { COMMAND_PROBLEMS, type CommandProblem, explainCommand } from './health/command-problem.js';
export { describeExit, signalOf, type ContainerExit } from './health/container-exit.js';
export {
  HEALTH_STATES,
  RESTART_DELAY_MS,
  STABLE_MS,
  decideHealth,
  exitsInARow,
  restartBackOffMs,
  worstHealth,
  type Health,
  type HealthFacts,
  type HealthProblem,
  type HealthState,
  type ProbeFacts,
} from './health/environment-health.js';
export { explainRefusal, type Listener, settingOf, type StartedPart } from './health/listener.js';
export {
  CHECK_LOG_LINES,
  type CheckReport,
  checkReport,
  skippedReport,
} from './github-reports/check-report.js';
export { commentMarker, commentReport, type CommentRow } from './github-reports/comment-report.js';
export { type DeploymentReport, deploymentReport } from './github-reports/deployment-report.js';
export {
  GITHUB_REPORT_KINDS,
  githubContext,
  type GithubReportKind,
  type ReportedDeployment,
  type SkippedPush,
} from './github-reports/report-facts.js';
export {
  MESSAGE_FORMATS,
  type Message,
  type MessageData,
  type MessageDeployment,
  type MessageFormat,
} from './notifications/message.js';
export { messageRetryMs, receiverPauseMs, retryAfterMs } from './notifications/message-retry.js';
export {
  deploymentNotification,
  environmentNotifications,
  type MessageType,
  NOTIFICATION_TYPES,
  type NotificationType,
  type PastEvent,
  TEST_MESSAGE,
} from './notifications/notification-type.js';
export { renderMessage } from './notifications/render-message.js';
export {
  MAX_WEBHOOK_URL,
  MAX_WEBHOOKS,
  notificationTypesProblem,
  WEBHOOK_SECRET_PREFIX,
  webhookSecretProblem,
  webhookUrlProblem,
} from './notifications/webhook-rules.js';
