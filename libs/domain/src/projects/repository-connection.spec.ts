import { describe, expect, it } from 'vitest';
import { PAUSE_REASONS, pauseMessage } from './pause-reason.js';
import { type Connection, type ConnectionFacts, connectionOf } from './repository-connection.js';

const listed = { status: 'active', isListed: true } as const;
const own = { installationId: '1', status: 'active', isAllowed: true } as const;
const CASES: [string, Partial<ConnectionFacts>, Connection][] = [
  ['an active installation with it', {}, { kind: 'connected', installationId: '1' }],
  [
    'another installation that the project may move to',
    { repository: { ...own, installationId: '2' } },
    { kind: 'connected', installationId: '2' },
  ],
  [
    'another installation after its own was removed',
    { installation: { status: 'removed', isListed: true }, repository: { ...own, installationId: '2' } },
    { kind: 'connected', installationId: '2' },
  ],
  [
    'an installation of a stranger',
    { repository: { ...own, installationId: '2', isAllowed: false } },
    { kind: 'paused', reason: 'repository_not_connected' },
  ],
  [
    'a suspended installation',
    { repository: { ...own, status: 'suspended' } },
    { kind: 'paused', reason: 'installation_suspended' },
  ],
  [
    'a suspended installation that was never listed',
    { installation: { status: 'suspended', isListed: false }, repository: null },
    { kind: 'paused', reason: 'installation_suspended' },
  ],
  [
    'a removed installation',
    { installation: { status: 'removed', isListed: true }, repository: null },
    { kind: 'paused', reason: 'installation_removed' },
  ],
  [
    'no installation, though all its repositories are known',
    { repository: null },
    { kind: 'paused', reason: 'repository_not_connected' },
  ],
  [
    'an installation that was never listed',
    { installation: { status: 'active', isListed: false }, repository: null },
    { kind: 'unknown' },
  ],
  [
    'no installation, when the project does not know the id',
    { repository: null, isRepositoryKnown: false },
    { kind: 'unknown' },
  ],
  ['an installation that nothing is known about', { installation: null }, { kind: 'unknown' }],
];

describe('connectionOf', () => {
  it.each(CASES)('decides about a repository in %s', (_, facts, expected) => {
    const usual = { installation: listed, isRepositoryKnown: true, repository: own };
    expect(connectionOf({ ...usual, ...facts })).toEqual(expected);
  });
});

describe('pauseMessage', () => {
  it.each(PAUSE_REASONS)('names the repository and what to do: %s', (reason) => {
    expect(pauseMessage(reason, 'octo/app')).toMatch(/octo\/app.*\. [A-Z].*\.$/);
  });
});
