import type { DeleteEvent as DeletePayload } from '@octokit/webhooks-types';
import { checkedName, type RefType } from './git-ref.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { installationIdAt, objectAt, repositoryAt, stringAt, type Unchecked } from './payload-fields.js';

/** What Nexos needs to know of a `delete` delivery. */
export interface DeleteEvent {
  /** `owner/name` */
  readonly repository: string;
  readonly refType: RefType;
  /** The name of the branch (or of the tag, for a tag) that is gone. */
  readonly branch: string;
  /** When the repository was last pushed to, in whole seconds. */
  readonly pushedAt: Date | null;
  readonly installationId: number | null;
}

/**
 * Reads a `delete` payload.
 *
 * @throws {MalformedPayloadError} naming the first field that is not as GitHub documents it
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
    refType,
    branch: checkedName(stringAt(event.ref, 'ref'), 'ref'),
    pushedAt: repository.pushedAt,
    installationId: installationIdAt(event.installation),
  };
}
