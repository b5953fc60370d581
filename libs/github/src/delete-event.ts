import type { DeleteEvent as DeletePayload } from '@octokit/webhooks-types';
import { checkedName, type RefType } from './git-ref.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { installationIdAt, objectAt, repositoryAt, stringAt, type Unchecked } from './payload-fields.js';

/** The fields of a `delete` delivery that Nexos uses. */
export interface DeleteEvent {
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string | null;
  readonly refType: RefType;
  /** The name of the deleted branch (or tag). */
  readonly branch: string;
  /** Time of the last push to the repository, to the second. */
  readonly pushedAt: Date | null;
  readonly installationId: number | null;
}

/**
 * Parses a `delete` payload.
 *
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#delete
 */
export function parseDelete(payload: unknown): DeleteEvent {
  const event: Unchecked<DeletePayload> = objectAt(payload, 'payload');
  const repository = repositoryAt(event.repository);
  const refType = stringAt(event.ref_type, 'ref_type');
  if (refType !== 'branch' && refType !== 'tag') {
    throw new MalformedPayloadError('ref_type', 'must be "branch" or "tag"');
  }
  return {
    repository: repository.fullName,
    repositoryId: repository.id,
    refType,
    branch: checkedName(stringAt(event.ref, 'ref'), 'ref'),
    pushedAt: repository.pushedAt,
    installationId: installationIdAt(event.installation),
  };
}
