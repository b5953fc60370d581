export { allEnded } from './all-ended.js';
export { BRANCH_GLOB_RULE, isBranchGlob, isBranchSelected, matchesBranchGlob } from './branch-glob.js';
export { isBranchName } from './branch-name.js';
export { buildOfRecord, cacheToGiveUp, type BuildSpan, type CacheRecord } from './build-cache.js';
export { variablesOfBranch, type BranchVariable } from './branch-variables.js';
export { ARGUMENT, MAX_ARGUMENT, MAX_ARGUMENTS, SHELL } from './command-rules.js';
export { DeploymentFailure, FAILURE_CODES, type FailureCode } from './deployment-failure.js';
export type { DeploymentSpec, Hooks, SharedServices } from './deployment-spec.js';
export { diskFull, isDiskFull, saysDiskFull } from './disk-full.js';
export {
  DEPLOYMENT_STATUSES,
  MAX_BUILD_ATTEMPTS,
  deploymentStatusesBefore,
  isUnfinished,
  type DeploymentStatus,
} from './deployment-state.js';
export {
  DESIRED_STATES,
  ENVIRONMENT_STATUSES,
  VISIBLE_ENVIRONMENT_STATUSES,
  environmentStatusesBefore,
  visibleEnvironmentStatus,
  type EnvironmentIntent,
  type DesiredState,
  type EnvironmentStatus,
  type VisibleEnvironmentStatus,
} from './environment-state.js';
export { judgeAction, type ActionFacts, type EnvironmentAction } from './environment-action.js';
export { executionArgv, executionImage, type ExecutionArgv, type ExecutionImage } from './execution-argv.js';
export { EXECUTION_FAILURE_CODES, ExecutionFailure, type ExecutionFailureCode } from './execution-failure.js';
export {
  EXECUTION_TIMEOUT_SECONDS,
  MAX_EXECUTIONS,
  executionRefusal,
  type ExecutionFacts,
} from './execution-rules.js';
export {
  EXECUTION_STATUSES,
  executionStatusesBefore,
  isExecutionUnfinished,
  type ExecutionStatus,
} from './execution-state.js';
export { ID_PREFIXES, idPattern, isId, newId, type IdKind } from './id.js';
export { isIdle, type IdleFacts } from './idle-environment.js';
export { PLANS, type PlanLimits, type PlanName } from './plan.js';
export { planEnvironment, type EnvironmentFacts, type EnvironmentStep } from './plan-environment.js';
export { givenFields, mergeSpec, type GivenFields } from './merge-spec.js';
export { NO_COMMIT, comparePush, type BranchHead, type PushMove, type PushVerdict } from './push-order.js';
export { isReservedVariable } from './reserved-variables.js';
export type { RepositoryConfig } from './repository-config.js';
export { judgeRestore, type RestoreFacts } from './restore.js';
export { judgeRollback, type RollbackFacts, type RollbackTarget } from './rollback.js';
export { SCOPES, hasScope, type Scope } from './scope.js';
export {
  BUILD_TIMEOUT_SECONDS,
  CPU,
  MAX_PATH,
  MEMORY_MB,
  PATH_IN_REPOSITORY,
  PATH_IN_REPOSITORY_RULE,
  PORT,
  SETTING_DEFAULTS,
  SLEEP_AFTER_MINUTES,
  URL_PATH,
  URL_PATH_RULE,
} from './setting-rules.js';
export { SERVICE_KINDS, type ServiceKind } from './service-kind.js';
export { hostLabel, projectSlug } from './slug.js';
export {
  MAX_VARIABLES,
  MAX_VARIABLE_VALUE,
  USER_VARIABLE_NAME,
  VARIABLE_NAME,
  VARIABLE_NAME_RULE,
  VARIABLE_VALUE,
  VARIABLE_VALUE_RULE,
  variableNameProblem,
} from './variable-rules.js';
