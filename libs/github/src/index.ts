export type { RequestedChecks } from './check-event.js';
export { type ConnectedRepository, GithubAccess, type GithubIdentity } from './access/github-access.js';
export { readDelivery, type BranchMoved, type DeliveredMove } from './delivered-move.js';
export { type AppDetails, AppDetailsReader } from './app/app-details.js';
export { ConfiguredApp } from './app/configured-app.js';
export { UnreadableAppError } from './app/unreadable-app.error.js';
export { ConfiguredAppModule } from './app/configured-app.module.js';
export { type CreatedApp } from './app/created-app.js';
export {
  ManifestAnswerLostError,
  ManifestCodeError,
  ManifestConversions,
} from './app/manifest-conversions.js';
export { StoredApp } from './app/stored-app.js';
export { GithubModule } from './github.module.js';
export { GithubOAuth } from './github-oauth.js';
export type { SignedInUser } from './github-user.js';
export { InstallationTokens, type ReadingProject } from './installation-tokens.js';
export {
  type InstallationChange,
  installationKey,
  type InstallationOwner,
  type InstalledRepository,
} from './installation-event.js';
export { MalformedPayloadError } from './malformed-payload.error.js';
export { type DeliveredReview } from './pull-request-review-event.js';
export { type DeliveredPullRequest } from './pull-request-event.js';
export { type RepositoryFacts } from './repository-facts.js';
export { type PushedCommit } from './push-event.js';
export { GithubUnavailableError, SignInRefusedError } from './sign-in.errors.js';
export { verifyWebhookSignature } from './webhook-signature.js';
export {
  type AccessibleRepository,
  type AppInstallation,
  AppInstallations,
  type BeforeRequest,
} from './requests/app-installations.js';
export { CheckRuns, type CheckIdentity } from './requests/check-runs.js';
export { GithubDeployments, type DeploymentIdentity } from './requests/github-deployments.js';
export type { AppCredentials } from './github-app.js';
export { GithubRequestError } from './requests/github-request.error.js';
export { GithubRequests, type RepositoryAccess } from './requests/github-requests.js';
export { HookDeliveries } from './requests/hook-deliveries.js';
export { PullRequestComments } from './requests/pull-request-comments.js';
