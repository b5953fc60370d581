export { readDelivery, type BranchMoved, type DeliveredMove } from './delivered-move.js';
export { GithubModule } from './github.module.js';
export { GithubOAuth } from './github-oauth.js';
export type { GithubUser } from './github-user.js';
export { InstallationTokens } from './installation-tokens.js';
export {
  type InstallationChange,
  installationKey,
  type InstallationOwner,
  type InstalledRepository,
} from './installation-event.js';
export { MalformedPayloadError } from './malformed-payload.error.js';
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
export { GithubRequestError } from './requests/github-request.error.js';
export { GithubRequests, type RepositoryAccess } from './requests/github-requests.js';
export { PullRequestComments } from './requests/pull-request-comments.js';
