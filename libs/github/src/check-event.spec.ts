import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import { readDelivery } from './delivered-move.js';
import { MalformedPayloadError } from './malformed-payload.error.js';

// The package is a JSON file; only its types have a default export.
const definitions = examples as unknown as WebhookDefinition[];

/** Returns GitHub's example of an event with another action and changed fields of the check. */
function payload(event: 'check_run' | 'check_suite', action: string, changes: Record<string, unknown> = {}) {
  const found = definitions.find(({ name }) => name === event)?.examples[0];
  const example = structuredClone(found) as unknown as Record<string, object>;
  return { ...example, action, [event]: { ...example[event], ...changes } };
}

describe('a check that is to run again', () => {
  const sha = 'a'.repeat(40);
  const app = { id: 4242 };

  it('is read with its commit, our id, its App and the user', () => {
    const asked = payload('check_run', 'rerequested', { head_sha: sha, external_id: 'dep_1', app });
    expect(readDelivery('check_run', asked)).toMatchObject({
      repository: 'Codertocat/Hello-World',
      checks: { commitSha: sha, externalId: 'dep_1', appId: 4242, sender: 'Codertocat' },
      ignoredReason: null,
    });
  });

  it('of a suite stands for all checks of its commit', () => {
    const asked = payload('check_suite', 'rerequested', { head_sha: sha, app });
    expect(readDelivery('check_suite', asked).checks).toMatchObject({ externalId: null, commitSha: sha });
  });

  it('may be of an App that sets no id', () => {
    const asked = payload('check_run', 'rerequested', { head_sha: sha, external_id: null, app: null });
    expect(readDelivery('check_run', asked).checks).toMatchObject({ externalId: '', appId: null });
  });

  it.each(['check_run', 'check_suite'] as const)('of %s needs a full commit SHA', (event) => {
    const asked = payload(event, 'rerequested', { head_sha: 'main' });
    expect(() => readDelivery(event, asked)).toThrow(MalformedPayloadError);
  });

  it('is none for other actions', () => {
    expect(readDelivery('check_run', payload('check_run', 'requested_action'))).toMatchObject({
      checks: null,
      ignoredReason: 'requested_action',
    });
    for (const action of ['created', 'completed', 'requested']) {
      const other = { checks: null, ignoredReason: 'event' };
      expect(readDelivery('check_run', payload('check_run', action))).toMatchObject(other);
      expect(readDelivery('check_suite', payload('check_suite', action))).toMatchObject(other);
    }
  });
});
