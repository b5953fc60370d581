import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import type { DeleteEvent as DeletePayload } from '@octokit/webhooks-types';
import { describe, expect, it } from 'vitest';
import { parseDelete } from './delete-event.js';
import { MalformedPayloadError } from './malformed-payload.error.js';

// The package is a JSON file; only its types have a default export.
const payloads = (examples as unknown as WebhookDefinition[])
  .filter((definition) => definition.name === 'delete')
  .flatMap((definition) => definition.examples as DeletePayload[]);

describe('parseDelete', () => {
  it('parses every documented payload', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(4);
    for (const example of payloads) {
      expect(parseDelete(JSON.parse(JSON.stringify(example)))).toEqual({
        repository: example.repository.full_name,
        repositoryId: String(example.repository.id),
        refType: example.ref_type,
        branch: example.ref,
        pushedAt: new Date(example.repository.pushed_at ?? Number.NaN),
        installationId: example.installation?.id ?? null,
      });
    }
  });

  it.each([
    ['ref_type', { ref_type: 'repository' }],
    ['ref', { ref: 'a..b' }],
    ['ref', { ref: null }],
    ['repository', { repository: [] }],
  ])('reports that %s is malformed', (field, changes) => {
    const error = expect(() => parseDelete({ ...payloads[0], ...changes }));
    error.toThrow(MalformedPayloadError);
    error.toThrow(expect.objectContaining({ field }) as Error);
  });
});
