export { BRANCH_GLOB_RULE, isBranchGlob, isBranchSelected, matchesBranchGlob } from './branch-glob.js';
export { isBranchName } from './branch-name.js';
export { variablesOfBranch, type BranchVariable } from './branch-variables.js';
export { DeploymentFailure, FAILURE_CODES, type FailureCode } from './deployment-failure.js';
export type { DeploymentSpec } from './deployment-spec.js';
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
export { ID_PREFIXES, idPattern, isId, newId, type IdKind } from './id.js';
export { PLANS, type PlanLimits, type PlanName } from './plan.js';
export { planEnvironment, type EnvironmentFacts, type EnvironmentStep } from './plan-environment.js';
export { NO_COMMIT, comparePush, type BranchHead, type PushMove, type PushVerdict } from './push-order.js';
export { isReservedVariable } from './reserved-variables.js';
export { SCOPES, hasScope, type Scope } from './scope.js';
export { hostLabel, projectSlug } from './slug.js';
