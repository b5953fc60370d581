import type { CreateEvent as CreatePayload } from '@octokit/webhooks-types';
import { checkedName, type RefType } from './git-ref.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { installationIdAt, objectAt, repositoryAt, stringAt, type Unchecked } from './payload-fields.js';

/** The fields of a `create` delivery that Nexos uses. GitHub sends a push for the same branch. */
export interface CreateEvent {
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string | null;
  readonly refType: RefType;
  readonly installationId: number | null;
}

/**
 * Parses a `create` payload.
 *
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#create
 */
export function parseCreate(payload: unknown): CreateEvent {
  const event: Unchecked<CreatePayload> = objectAt(payload, 'payload');
  const { fullName, id } = repositoryAt(event.repository);
  const refType = stringAt(event.ref_type, 'ref_type');
  if (refType !== 'branch' && refType !== 'tag') {
    throw new MalformedPayloadError('ref_type', 'must be "branch" or "tag"');
  }
  checkedName(stringAt(event.ref, 'ref'), 'ref');
  return {
    repository: fullName,
    repositoryId: id,
    refType,
    installationId: installationIdAt(event.installation),
  };
}
