import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { DELIVERY_REASONS } from '@nexos/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { exampleOf } from '../../support/nexos/webhook-sender.js';
import { createProject } from './api-fixture.js';

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
const OUTCOMES = ['deployed', 'destroyed', 'ignored', 'skipped', 'renamed', 'updated', 'in-doubt'];
let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

it.each(['push', 'pull_request'] as const)(
  'gives each of GitHub’s examples an outcome and a reason in a project that deploys on %s',
  async (rule) => {
    const { full_name: repository } = exampleOf('pull_request').repository as { full_name: string };
    await createProject(nexos, { github_repo: repository, deploy_on: rule });
    for (const { name, examples: payloads } of examples) {
      const all = payloads as unknown as Record<string, unknown>[];
      const processed = await Promise.all(all.map((payload) => nexos.webhooks.deliver(name, payload)));
      for (const { outcome, reason } of processed) {
        expect(OUTCOMES, name).toEqual(expect.arrayContaining(outcome.split(',')));
        expect(DELIVERY_REASONS, name).toEqual(expect.arrayContaining(reason?.split(',') ?? []));
        expect(
          reason !== null || ['deployed', 'destroyed', 'renamed', 'updated'].includes(outcome),
          name,
        ).toBe(true);
      }
    }
  },
);
