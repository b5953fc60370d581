import type { ErrorKind, FieldError, ProblemQuota } from '../problems/api-error.js';

/** An example detail for each kind of problem. A kind without one does not compile. */
export const PROBLEM_DETAILS: Readonly<Record<ErrorKind, string>> = {
  validation: 'Some fields are invalid; see errors.',
  'malformed-json': 'The body is not valid JSON.',
  'malformed-request': 'The request is not valid HTTP/1.1.',
  unauthenticated: 'The request has no API key. Send one: Authorization: Bearer nxs_…',
  'invalid-signature':
    'X-Hub-Signature-256 is missing or does not match. Check that GitHub and Nexos use the same webhook secret.',
  'insufficient-scope': 'This request needs the scope write. Use an API key that has it.',
  forbidden:
    'The session cookie was sent from another origin. Send the request from the dashboard, or use an API key.',
  'quota-exceeded':
    'The quota allows 25 projects: 25 in use, 1 more requested. Delete a project that is not needed, or ask the operator for a higher limit.',
  'repository-not-yours':
    'GitHub does not confirm that this account may use acme/shop. Install the GitHub App on it at https://github.com/apps/nexos/installations/new, ask its owner for access (to a public repository: write access), or sign in with GitHub again if your login has changed.',
  'not-found': 'There is no project with this id.',
  branch_not_found: 'The branch main does not exist in acme/shop. Push it, or deploy another branch.',
  'method-not-allowed': 'The path does not support PUT. Use GET, HEAD, POST.',
  'request-timeout': 'The request was not complete after 2 minutes. Send it again.',
  conflict: 'The environment is being destroyed.',
  'project-paused':
    'The GitHub App was removed from the owner of acme/shop. Install it again on the repository.',
  'idempotency-key-reused': 'This Idempotency-Key was already used for a different request. Use a new one.',
  'headers-too-large': 'The headers are larger than 16 KiB. Send fewer or shorter headers.',
  'too-many-requests': 'The limit of 1000 requests per minute is exceeded. Try again in 12 s.',
  'body-too-large': 'The body is larger than this endpoint accepts. Send less data.',
  'expectation-failed':
    'The API meets no expectation but 100-continue. Send the request without the header Expect.',
  'unsupported-media-type':
    'The body has an unsupported media type. Send application/json, or text/plain for environment variables.',
  'service-unavailable': 'The database does not answer at the moment. Try again.',
  internal:
    'An unexpected error was logged under this request_id. Try again; if it persists, tell the operator the request_id.',
};

/** Example of the limit next to the detail. */
export const EXCEEDED_QUOTA: ProblemQuota = { resource: 'max_projects', limit: 25, usage: 25, request: 1 };

/** Example of the errors next to the detail. */
export const REFUSED_FIELDS: readonly FieldError[] = [{ field: 'limit', message: 'must be a whole number' }];
