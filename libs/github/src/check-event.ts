import type { CheckRunEvent, CheckSuiteEvent } from '@octokit/webhooks-types';
import { isCommitSha } from '@nexos/domain';
import { MalformedPayloadError } from './malformed-payload.error.js';
import {
  idAt,
  installationIdAt,
  objectAt,
  repositoryAt,
  senderAt,
  stringAt,
  type Unchecked,
} from './payload-fields.js';

/** The checks that somebody asked to run again. */
export interface RequestedChecks {
  readonly commitSha: string;
  /** Our own id of the check; null for all checks of the commit. */
  readonly externalId: string | null;
  /** The App that the checks are of; null when the delivery does not tell. */
  readonly appId: number | null;
  /** The login of the user who asked; null when the delivery does not tell. */
  readonly sender: string | null;
}

/** The fields of a `check_run` or `check_suite` delivery that Nexos uses. */
export interface CheckRequested {
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string | null;
  readonly installationId: number | null;
  /** Null for an action of the App's own, which Nexos has none of. */
  readonly checks: RequestedChecks | null;
}

/**
 * Parses a `check_run` payload.
 *
 * @returns null for an action that asks for nothing
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run
 */
export function parseCheckRun(payload: unknown): CheckRequested | null {
  const event: Unchecked<CheckRunEvent> = objectAt(payload, 'payload');
  if (event.action === 'requested_action') return { ...sourceOf(event), checks: null };
  if (event.action !== 'rerequested') return null;
  const run: Unchecked<CheckRunEvent['check_run']> = objectAt(event.check_run, 'check_run');
  // Checks of other Apps have none.
  const externalId = typeof run.external_id === 'string' ? run.external_id : '';
  return {
    ...sourceOf(event),
    checks: { ...checksAt(run, 'check_run'), externalId, sender: senderAt(event.sender) },
  };
}

/**
 * Parses a `check_suite` payload.
 *
 * @returns null for an action that asks for nothing
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_suite
 */
export function parseCheckSuite(payload: unknown): CheckRequested | null {
  const event: Unchecked<CheckSuiteEvent> = objectAt(payload, 'payload');
  if (event.action !== 'rerequested') return null;
  const suite: Unchecked<CheckSuiteEvent['check_suite']> = objectAt(event.check_suite, 'check_suite');
  return {
    ...sourceOf(event),
    checks: { ...checksAt(suite, 'check_suite'), externalId: null, sender: senderAt(event.sender) },
  };
}

function sourceOf(event: { repository?: unknown; installation?: unknown }) {
  const { fullName, id } = repositoryAt(event.repository);
  return { repository: fullName, repositoryId: id, installationId: installationIdAt(event.installation) };
}

function checksAt({ head_sha: sha, app }: { head_sha?: unknown; app?: unknown }, field: string) {
  const commitSha = stringAt(sha, `${field}.head_sha`);
  if (!isCommitSha(commitSha)) {
    throw new MalformedPayloadError(`${field}.head_sha`, 'must be a full commit SHA');
  }
  const { id } = Object(app) as { id?: unknown };
  return { commitSha, appId: idAt(id, `${field}.app.id`) };
}
