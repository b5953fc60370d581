import { isRepositoryName } from '@nexos/domain';
import type { RepositoryRenamedEvent, RepositoryTransferredEvent } from '@octokit/webhooks-types';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { installationIdAt, objectAt, repositoryAt, stringAt, type Unchecked } from './payload-fields.js';

/** A repository that has another name or owner than before. */
export interface RepositoryMoved {
  /** `owner/name`, as it is now. */
  readonly repository: string;
  readonly repositoryId: string | null;
  /** `owner/name`, as it was before. */
  readonly previous: string;
  readonly installationId: number | null;
}

type Changes = Unchecked<RepositoryRenamedEvent['changes'] & RepositoryTransferredEvent['changes']>;

/**
 * Parses a `repository` payload with the action `renamed` or `transferred`.
 *
 * @returns null for any other action
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#repository
 */
export function parseRepositoryMove(payload: unknown): RepositoryMoved | null {
  const event: Unchecked<RepositoryRenamedEvent> = objectAt(payload, 'payload');
  if (event.action !== 'renamed' && event.action !== 'transferred') return null;
  const { fullName, id } = repositoryAt(event.repository);
  const changes: Changes = objectAt(event.changes, 'changes');
  const [owner = '', name = ''] = fullName.split('/');
  const previous =
    event.action === 'renamed' ? `${owner}/${previousName(changes)}` : `${previousOwner(changes)}/${name}`;
  if (!isRepositoryName(previous)) {
    throw new MalformedPayloadError('changes', 'must name what the repository was called before');
  }
  return {
    repository: fullName,
    repositoryId: id,
    previous,
    installationId: installationIdAt(event.installation),
  };
}

function previousName(changes: Changes): string {
  const { name } = objectAt(changes.repository, 'changes.repository');
  return stringAt(objectAt(name, 'changes.repository.name').from, 'changes.repository.name.from');
}

function previousOwner(changes: Changes): string {
  const { from } = objectAt(changes.owner, 'changes.owner');
  const { user, organization } = objectAt(from, 'changes.owner.from');
  return stringAt(
    objectAt(user ?? organization, 'changes.owner.from.user').login,
    'changes.owner.from.user.login',
  );
}
