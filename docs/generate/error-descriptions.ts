import type { ExecutionFailureCode, FailureCode } from '@nexos/domain';
import type { ErrorKind } from '../../apps/api/src/http/problems/api-error.js';

/** A code without a description does not compile. */

/** When the API answers with each kind of error. */
export const PROBLEMS: Readonly<Record<ErrorKind, string>> = {
  validation: 'A field, query parameter, header or path id is invalid; `errors` names it.',
  'malformed-json': 'The body is not valid JSON.',
  'malformed-request': 'The request is not valid HTTP/1.1.',
  unauthenticated: 'The request has no valid API key or session.',
  'invalid-signature': 'The webhook has no signature, or was signed with another secret.',
  'insufficient-scope': 'The API key lacks the required scope.',
  forbidden: 'The account may not do this; `detail` says why.',
  'quota-exceeded':
    'The request does not fit into a limit of the account; `resource` names it, with `limit`, `usage` and `request` ([quotas](../guides/quotas.md)).',
  'repository-not-yours':
    'GitHub does not confirm that the account may use the repository, or the repository does not exist; `detail` says what to do ([connecting a repository](../guides/github.md#connect-a-repository)).',
  'not-found': 'The path or the resource does not exist, or the resource belongs to another account.',
  'method-not-allowed': 'The path does not support this method; `Allow` lists the methods it supports.',
  'request-timeout': 'The request was not complete after 2 minutes.',
  branch_not_found: 'The repository does not have the branch to deploy. Nothing was created.',
  conflict: 'The current state does not allow this; `detail` says why.',
  'project-paused':
    'Nothing can be deployed to the project at the moment: `detail` says why and what to do, as `deploys_paused` of the project does. Rollbacks are possible.',
  'idempotency-key-reused': 'The `Idempotency-Key` was already used for a different request.',
  'headers-too-large': 'The headers exceed 16 KiB.',
  'too-many-requests': 'Too many requests; try again after `Retry-After` seconds.',
  'body-too-large': 'The body exceeds 1 MiB, or 25 MiB for a webhook.',
  'expectation-failed': 'The header `Expect` has another value than `100-continue`.',
  'unsupported-media-type': 'The body is not `application/json` (for variables also `text/plain`).',
  'service-unavailable': 'A dependency is down or a limit is reached; try again after `Retry-After` seconds.',
  internal: 'A bug in Nexos; the log of the API has the error under the `request_id`.',
};

interface FailureDescription {
  readonly happened: string;
  readonly remedy: string;
}
const OPERATOR_READS_LOG =
  'try again; if that does not help, the operator finds the error in the logs of Nexos';

export const DEPLOYMENT_FAILURES: Readonly<Record<FailureCode, FailureDescription>> = {
  repository_unreachable: {
    happened: 'The Git host did not answer, or the connection broke.',
    remedy: 'deploy again in a few minutes',
  },
  repository_access_denied: {
    happened: 'The repository cannot be read, does not exist, or has moved.',
    remedy: 'install the GitHub App on it, or correct `github_repo`',
  },
  commit_not_found: {
    happened: 'The repository no longer has the commit, for example after a force push.',
    remedy: 'push again',
  },
  branch_not_found: {
    happened: 'The repository does not have the requested branch.',
    remedy: 'push the branch, or name another one',
  },
  config_invalid: {
    happened: "The commit's `nexos.yaml` is invalid.",
    remedy: 'fix the line and path that the message names',
  },
  context_not_found: {
    happened: '`build_context` is not a directory of the commit.',
    remedy: 'correct `build_context`',
  },
  context_too_large: {
    happened: 'The build context exceeds `BUILD_CONTEXT_LIMIT`.',
    remedy: 'exclude files with a `.dockerignore`',
  },
  file_name_invalid: {
    happened: 'A file of the build context has a name that is not UTF-8, or a symbolic link such a target.',
    remedy: 'rename the file that the message names, or exclude it with a `.dockerignore`',
  },
  dockerfile_missing: {
    happened: 'There is no file at `dockerfile`.',
    remedy:
      'add it, or correct `dockerfile`; [the guide](../guides/dockerfiles.md) has Dockerfiles to begin with',
  },
  dockerfile_invalid: {
    happened: 'The Dockerfile or its `.dockerignore` cannot be parsed.',
    remedy: 'fix the line that the message names',
  },
  build_source_forbidden: {
    happened: 'The Dockerfile fetches from a loopback, link-local or private host.',
    remedy:
      'use a public host; `FROM` and `COPY --from` may also use the registries of `REGISTRY_CREDENTIALS`',
  },
  base_image_unavailable: {
    happened:
      'The image of a `FROM` or `# syntax=` line cannot be pulled: it does not exist, or its registry refuses access, limits requests, fails or does not answer.',
    remedy: 'correct its name, set credentials, or deploy again later, as the message says',
  },
  build_step_failed: {
    happened: 'A step of the Dockerfile failed.',
    remedy: "read the step's output in the log; the message names its stage and line",
  },
  push_failed: {
    happened: 'The image could not be pushed to `REGISTRY_URL`.',
    remedy:
      'deploy again; if that does not help, the operator checks `REGISTRY_CREDENTIALS` and the registry',
  },
  build_timeout: {
    happened: 'The build exceeded `build_timeout_seconds`.',
    remedy: 'speed it up, or raise the timeout',
  },
  image_too_large: {
    happened: 'The image exceeds `IMAGE_MAX_MB`.',
    remedy: 'use a smaller base image or a multi-stage build',
  },
  image_limit: {
    happened: "The project's images would exceed `PROJECT_IMAGES_MAX_MB`.",
    remedy: 'shrink the image, or destroy environments',
  },
  builder_lost: {
    happened: 'Two builders in a row were lost during the build.',
    remedy: 'deploy again; check how much memory the build needs',
  },
  quota_exceeded: {
    happened:
      'The deployment needs more than a limit of the account allows, such as more memory, or its build minutes are used up.',
    remedy:
      'delete or pause what is not needed, wait for the next period, or ask the operator for a higher limit, as the message says',
  },
  image_missing: {
    happened: 'The image is no longer on its node, or its node is being removed.',
    remedy: 'deploy again',
  },
  secrets_unreadable: {
    happened: 'An environment variable, or the GitHub App that reads the repository, cannot be decrypted.',
    remedy: 'set the variable again, or ask the operator to configure the missing encryption key',
  },
  variables_invalid: {
    happened: 'An environment variable refers to one that does not exist, or to itself.',
    remedy: 'correct the variable that the message names',
  },
  service_not_ready: {
    happened: "The project's Postgres, Redis or S3 server did not start.",
    remedy: 'deploy again; if that does not help, the operator checks the container engine',
  },
  hook_failed: {
    happened: 'A hook of `nexos.yaml` failed or timed out.',
    remedy: "read the hook's output in the log and fix it",
  },
  no_capacity: {
    happened:
      "No node has room for `cpu` and `memory_mb`, or the node of the project's Postgres, Redis or S3 server has no room for its memory.",
    remedy: 'lower them, pause or destroy environments, or add nodes or memory',
  },
  app_exited: {
    happened: 'The app exited or could not be started.',
    remedy: 'read its last lines in the log; check `CMD`',
  },
  app_not_answering: {
    happened: 'Nothing answered on the port within `start_timeout_seconds`.',
    remedy: 'listen on `0.0.0.0` and the port in `PORT`',
  },
  app_unhealthy: {
    happened: 'The health path kept answering 500 or above.',
    remedy: 'answer below 500 once ready, or set `health_check_path`',
  },
  disk_full: {
    happened: 'The disk of the build machine, of the container engine or of a node is full.',
    remedy: 'the operator frees space; then deploy again',
  },
  engine_unavailable: {
    happened: 'The container engine was unreachable, and again when the build was retried.',
    remedy: 'deploy again; if that does not help, the operator checks the container engine',
  },
  internal_error: { happened: 'A bug in Nexos.', remedy: OPERATOR_READS_LOG },
};

export const EXECUTION_FAILURES: Readonly<Record<ExecutionFailureCode, FailureDescription>> = {
  worker_lost: {
    happened: 'The worker was lost, and the container no longer exists.',
    remedy: 'check what the command did; it may have run in part, or not at all',
  },
  container_lost: {
    happened: 'The container was removed before it ended.',
    remedy: 'check what the command did; it may have run in part, or not at all',
  },
  not_started: {
    happened: 'The container could not be started, or not in time.',
    remedy: 'try again later; if that does not help, the operator checks the container engine',
  },
  no_shell: {
    happened: 'The command uses `$NAME`, and the image has no `/bin/sh`.',
    remedy: 'let the program read its variables itself',
  },
  service_missing: {
    happened: 'The program belongs to a service that the version does not have, and its own image lacks it.',
    remedy: 'turn the service on and deploy again, or add the program to the image',
  },
  image_missing: { happened: 'The image is no longer on its node.', remedy: 'deploy again' },
  service_not_ready: {
    happened: "The project's Postgres, Redis or S3 server did not start.",
    remedy: 'try again; if that does not help, the operator checks the container engine',
  },
  secrets_unreadable: {
    happened: 'An environment variable cannot be decrypted.',
    remedy: 'set it again, or ask the operator to configure the missing encryption key',
  },
  variables_invalid: {
    happened: 'An environment variable refers to one that does not exist, or to itself.',
    remedy: 'correct the variable that the message names',
  },
  internal_error: { happened: 'A bug in Nexos.', remedy: OPERATOR_READS_LOG },
};
