import { describe, expect, it } from 'vitest';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { parseRepositoryMove } from './repository-event.js';

const repository = { id: 4242, full_name: 'acme/new', name: 'new' };
const renamed = (changes: unknown) => ({ action: 'renamed', changes, repository });
const transferred = (from: unknown) => ({
  action: 'transferred',
  changes: { owner: { from } },
  repository,
  installation: { id: 7 },
});

describe('parseRepositoryMove', () => {
  it('reads a new name', () => {
    expect(parseRepositoryMove(renamed({ repository: { name: { from: 'old' } } }))).toEqual({
      repository: 'acme/new',
      repositoryId: '4242',
      previous: 'acme/old',
      installationId: null,
    });
  });

  it.each([
    ['a user', { user: { login: 'octocat' } }],
    ['an organization', { organization: { login: 'octocat' } }],
  ])('reads a transfer from %s', (_whom, from) => {
    expect(parseRepositoryMove(transferred(from))).toEqual({
      repository: 'acme/new',
      repositoryId: '4242',
      previous: 'octocat/new',
      installationId: 7,
    });
  });

  it('ignores other actions', () => {
    expect(parseRepositoryMove({ action: 'archived', repository })).toBeNull();
    expect(parseRepositoryMove({})).toBeNull();
  });

  it.each([
    ['changes', renamed(undefined)],
    ['changes.repository', renamed({})],
    ['changes.repository.name.from', renamed({ repository: { name: { from: 7 } } })],
    ['changes', renamed({ repository: { name: { from: '../x' } } })],
    ['changes.owner.from.user', transferred({})],
    ['repository.id', { action: 'renamed', repository: { ...repository, id: 'x' } }],
  ])('names the field %s that does not match', (field, payload) => {
    const parse = () => parseRepositoryMove(payload);
    expect(parse).toThrow(MalformedPayloadError);
    expect(parse).toThrow(expect.objectContaining({ field }));
  });
});
