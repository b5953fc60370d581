import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import type { PullRequestEvent } from '@octokit/webhooks-types';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDelivery } from './delivered-move.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { parsePullRequest } from './pull-request-event.js';

// The package is a JSON file; only its types have a default export.
const definitions = examples as unknown as WebhookDefinition[];
const payloads = definitions
  .filter(({ name }) => name === 'pull_request')
  .flatMap((definition) => definition.examples as PullRequestEvent[]);
const LISTED = ['opened', 'reopened', 'synchronize', 'closed', 'labeled', 'unlabeled'];

/** Returns a payload with changed fields of the pull request. */
function payload(changes: Record<string, unknown> = {}, others: Record<string, unknown> = {}) {
  const opened = structuredClone(payloads.find(({ action }) => action === 'opened'));
  if (opened === undefined) throw new Error('there is no example');
  const { pull_request: pullRequest, ...rest } = opened as unknown as Record<string, unknown>;
  return { ...rest, pull_request: { ...(pullRequest as object), ...changes }, ...others };
}
const head = (changes: Record<string, unknown>) => ({
  head: { ref: 'changes', sha: 'a'.repeat(40), repo: { id: 7 }, ...changes },
});

describe('parsePullRequest', () => {
  it('parses every documented payload of the actions that decide something', () => {
    const acted = payloads.filter((example) => parsePullRequest(example) !== null);
    const actions = new Set(acted.map(({ action }) => action));
    expect([...actions].toSorted()).toEqual([...LISTED, 'converted_to_draft', 'ready_for_review'].toSorted());
    for (const example of acted) {
      expect(parsePullRequest(JSON.parse(JSON.stringify(example)))).toMatchObject({
        repository: example.repository.full_name,
        repositoryId: String(example.repository.id),
        pullRequest: {
          number: example.pull_request.number,
          headBranch: example.pull_request.head.ref,
          state: example.pull_request.state,
          isDraft: example.pull_request.draft,
          labels: example.pull_request.labels.map(({ name }) => name),
        },
      });
    }
  });

  it('parses every field', () => {
    const labels = [{ name: 'bug' }, { name: 'pre\0view' }];
    const given = payload({ ...head({}), draft: true, labels, updated_at: '2026-01-02T03:04:05Z' });
    expect(parsePullRequest({ ...given, installation: { id: 9 } })).toEqual({
      repository: 'Codertocat/Hello-World',
      repositoryId: '186853002',
      installationId: 9,
      pullRequest: {
        number: 2,
        headBranch: 'changes',
        headSha: 'a'.repeat(40),
        headRepositoryId: '7',
        baseBranch: 'master',
        defaultBranch: 'master',
        state: 'open',
        isDraft: true,
        labels: ['bug', 'preview'],
        updatedAt: new Date('2026-01-02T03:04:05Z'),
      },
    });
  });

  it('parses a pull request whose head repository is gone', () => {
    expect(parsePullRequest(payload(head({ repo: null })))?.pullRequest.headRepositoryId).toBeNull();
  });

  it('takes at most 200 labels', () => {
    const labels = Array.from({ length: 10_000 }, () => ({ name: 'x'.repeat(1_000) }));
    const parsed = parsePullRequest(payload({ labels }))?.pullRequest.labels ?? [];
    expect([parsed.length, parsed[0]?.length]).toEqual([200, 255]);
  });

  it('returns null for other actions, whatever the payload', () => {
    for (const action of ['edited', 'assigned', 'locked', '', null, undefined, 7, {}]) {
      expect(parsePullRequest({ action, pull_request: 'text' })).toBeNull();
    }
  });

  it.each<[string, unknown]>([
    ['payload', null],
    ['payload', []],
    ['repository', payload({}, { repository: 7 })],
    ['repository.id', payload({}, { repository: { full_name: 'a/b' } })],
    ['repository.id', payload({}, { repository: { full_name: 'a/b', id: 2 ** 60 } })],
    ['pull_request', payload({}, { pull_request: [] })],
    ['pull_request.number', payload({ number: '2' })],
    ['pull_request.number', payload({ number: 0 })],
    ['pull_request.number', payload({ number: 2 ** 31 })],
    ['pull_request.number', payload({ number: undefined })],
    ['pull_request.head', payload({ head: null })],
    ['pull_request.head.ref', payload(head({ ref: 'a..b' }))],
    ['pull_request.head.ref', payload(head({ ref: '' }))],
    ['pull_request.head.ref', payload(head({ ref: 'x'.repeat(256) }))],
    ['pull_request.head.sha', payload(head({ sha: 'HEAD' }))],
    ['pull_request.head.repo', payload(head({ repo: 7 }))],
    ['pull_request.head.repo', payload(head({ repo: undefined }))],
    ['pull_request.head.repo.id', payload(head({ repo: { id: '7' } }))],
    ['pull_request.base', payload({ base: undefined })],
    ['pull_request.base.ref', payload({ base: { ref: 'a\0b' } })],
    ['pull_request.state', payload({ state: 'merged' })],
    ['pull_request.draft', payload({ draft: 'no' })],
    ['pull_request.labels', payload({ labels: {} })],
    ['pull_request.labels', payload({ labels: [null] })],
    ['pull_request.labels.name', payload({ labels: [{ name: 7 }] })],
    ['pull_request.updated_at', payload({ updated_at: null })],
    ['pull_request.updated_at', payload({ updated_at: 'soon' })],
    ['installation', payload({}, { installation: 7 })],
  ])('reports that %s is malformed', (field, input) => {
    const error = expect(() => parsePullRequest(input));
    error.toThrow(MalformedPayloadError);
    error.toThrow(expect.objectContaining({ field }) as Error);
  });

  it('throws only MalformedPayloadError for any JSON', () => {
    const keys = fc.constantFrom('number', 'head', 'base', 'labels', 'state', 'draft', 'updated_at');
    fc.assert(
      fc.property(fc.jsonValue(), keys, (json, key) => {
        for (const input of [json, payload({ [key]: json }), payload({}, { [key]: json })]) {
          try {
            parsePullRequest(input);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedPayloadError);
          }
        }
      }),
    );
  });
});

describe('readDelivery', () => {
  it('reads every documented payload of every event', () => {
    for (const { name, examples: all } of definitions) {
      for (const example of all as unknown[]) {
        const delivered = readDelivery(name, example);
        const { move, pullRequest, previousName, installation, facts, checks, ignoredReason } = delivered;
        const change = previousName ?? facts?.action ?? null;
        const acts = [move, pullRequest, checks, installation, change].filter((one) => one !== null).length;
        expect([name, acts + (ignoredReason === null ? 0 : 1)]).toEqual([name, 1]);
      }
    }
  });

  it.each([
    ['create', { ref: 'main', ref_type: 'branch' }, 'branch_created'],
    ['create', { ref: 'v1', ref_type: 'tag' }, 'tag'],
    ['ping', { zen: 'x' }, 'ping'],
    ['pull_request', { action: 'edited' }, 'event'],
  ])('says why %s with %j does nothing', (event, fields, ignoredReason) => {
    const repository = { full_name: 'acme/app', id: 7 };
    expect(readDelivery(event, { ...fields, repository })).toMatchObject({
      repository: 'acme/app',
      move: null,
      pullRequest: null,
      ignoredReason,
    });
  });

  it.each([null, [], 'text', 7, {}])('takes the ping of an app, which names no repository: %j', (body) => {
    expect(readDelivery('ping', body)).toMatchObject({ repository: null, ignoredReason: 'event' });
  });

  it.each([
    ['ref_type', { ref: 'a', ref_type: 'commit' }],
    ['ref', { ref: 'a..b', ref_type: 'branch' }],
    ['ref', { ref: null, ref_type: 'branch' }],
  ])('reports that %s of a create event is malformed', (field, fields) => {
    const repository = { full_name: 'acme/app' };
    expect(() => readDelivery('create', { ...fields, repository })).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });
});
