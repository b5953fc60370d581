export { readDelivery, type BranchMoved, type DeliveredMove } from './delivered-move.js';
export { GithubModule } from './github.module.js';
export { GithubOAuth } from './github-oauth.js';
export type { GithubUser } from './github-user.js';
export { InstallationTokens } from './installation-tokens.js';
export { MalformedPayloadError } from './malformed-payload.error.js';
export { type PushedCommit } from './push-event.js';
export { GithubUnavailableError, SignInRefusedError } from './sign-in.errors.js';
export { verifyWebhookSignature } from './webhook-signature.js';
