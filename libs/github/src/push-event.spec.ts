import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import type { PushEvent as PushPayload } from '@octokit/webhooks-types';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { parsePush } from './push-event.js';

const ZERO = '0'.repeat(40);
// The package is a JSON file; only its types have a default export.
const payloads = (examples as unknown as WebhookDefinition[])
  .filter((definition) => definition.name === 'push')
  .flatMap((definition) => definition.examples as PushPayload[]);

function payload(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const branchPush = payloads.find((example) => example.ref === 'refs/heads/master');
  return { ...(structuredClone(branchPush) as unknown as Record<string, unknown>), ...changes };
}

describe('parsePush', () => {
  it('parses every documented payload', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(7);
    for (const example of payloads) {
      const push = parsePush(JSON.parse(JSON.stringify(example)));
      expect(push).toMatchObject({
        repository: example.repository.full_name,
        repositoryId: String(example.repository.id),
        refType: example.ref.startsWith('refs/heads/') ? 'branch' : 'tag',
        branch: example.ref.split('/').slice(2).join('/'),
        before: example.before,
        after: example.after,
        created: example.created,
        deleted: example.deleted,
        installationId: example.installation?.id ?? null,
      });
      expect(push.pushedAt?.getTime()).toBe(Number(example.repository.pushed_at) * 1000);
      expect(push.headCommit?.sha ?? null).toBe(example.head_commit?.id ?? null);
    }
  });

  it('parses every field of a branch push', () => {
    expect(parsePush(payload())).toEqual({
      repository: 'Codertocat/Hello-World',
      repositoryId: '186853002',
      refType: 'branch',
      branch: 'master',
      before: ZERO,
      after: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      created: true,
      deleted: false,
      pushedAt: new Date('2019-05-15T15:20:57Z'),
      headCommit: {
        sha: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
        message: 'Initial commit',
        authorName: 'Codertocat',
      },
      installationId: 1,
    });
  });

  it('parses the time of the last push from a number and from text', () => {
    for (const pushed_at of [1557933657, '2019-05-15T15:20:57Z']) {
      const push = parsePush(payload({ repository: { full_name: 'a/b', pushed_at } }));
      expect(push.pushedAt).toEqual(new Date('2019-05-15T15:20:57Z'));
    }
    expect(parsePush(payload({ repository: { full_name: 'a/b', pushed_at: null } })).pushedAt).toBeNull();
  });

  it.each(['feature/größe', '--upload-pack=x', '日本', 'a'.repeat(255)])(
    'accepts the branch %s',
    (branch) => {
      expect(parsePush(payload({ ref: `refs/heads/${branch}` })).branch).toBe(branch);
    },
  );

  it('truncates the long name of an author without NUL and without splitting a character', () => {
    const head = { id: 'a'.repeat(40), author: { name: `\0${'x'.repeat(254)}😀 and more` } };
    const message = `${'x'.repeat(5_000)}\0\n\n[skip ci]`;
    const { headCommit } = parsePush(payload({ head_commit: { ...head, message } }));
    expect(headCommit).toEqual({
      sha: head.id,
      message: `${'x'.repeat(5_000)}\n\n[skip ci]`,
      authorName: 'x'.repeat(254),
    });
  });

  it.each([
    ['payload', null],
    ['payload', []],
    ['payload', 'text'],
    ['repository', payload({ repository: undefined })],
    ['repository.full_name', payload({ repository: { full_name: 'no-slash' } })],
    ['repository.full_name', payload({ repository: { full_name: '../../etc/passwd' } })],
    ['repository.full_name', payload({ repository: { full_name: 'owner/..' } })],
    ['repository.full_name', payload({ repository: { full_name: 'owner/na\0me' } })],
    ['repository.pushed_at', payload({ repository: { full_name: 'a/b', pushed_at: 'soon' } })],
    ['repository.pushed_at', payload({ repository: { full_name: 'a/b', pushed_at: 1e300 } })],
    ['repository.pushed_at', payload({ repository: { full_name: 'a/b', pushed_at: {} } })],
    ['ref', payload({ ref: 7 })],
    ['ref', payload({ ref: 'refs/pull/1/head' })],
    ['ref', payload({ ref: 'refs/heads/' })],
    ['ref', payload({ ref: 'refs/heads/a..b' })],
    ['ref', payload({ ref: 'refs/heads/a\0b' })],
    ['ref', payload({ ref: 'refs/heads/a:refs/heads/b' })],
    ['ref', payload({ ref: `refs/heads/${'ä'.repeat(128)}` })],
    ['before', payload({ before: 'HEAD' })],
    ['after', payload({ after: `${ZERO}\n` })],
    ['created', payload({ created: 'true' })],
    ['deleted', payload({ deleted: undefined })],
    ['head_commit', payload({ head_commit: 'text' })],
    ['head_commit.id', payload({ head_commit: { id: 'x', message: '', author: { name: '' } } })],
    ['head_commit.author', payload({ head_commit: { id: ZERO, message: '' } })],
    ['installation', payload({ installation: 4 })],
    ['installation.id', payload({ installation: { id: '4' } })],
  ])('reports that %s is malformed', (field, input) => {
    const error = expect(() => parsePush(input));
    error.toThrow(MalformedPayloadError);
    error.toThrow(expect.objectContaining({ field }) as Error);
  });

  it('throws only MalformedPayloadError for any JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('ref', 'repository', 'head_commit', 'after'),
        (json, key) => {
          for (const input of [json, payload({ [key]: json })]) {
            try {
              parsePush(input);
            } catch (error) {
              expect(error).toBeInstanceOf(MalformedPayloadError);
            }
          }
        },
      ),
    );
  });
});
