import { afterAll, beforeAll, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { anotherAccount } from '../../integration/api/api-fixture.js';

const LIMIT = 40;

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api'],
    env: { RATE_LIMIT_PER_MINUTE: String(LIMIT) },
  });
});
afterAll(() => nexos.stop());

/** Apart from the other tests of the limit, which run alone: this one waits for a minute, and other files can run meanwhile. */
it('lets a caller that used up its limit call again once the minute is over', async () => {
  const { key } = await anotherAccount(nexos, 'caller');
  const caller = new ApiClient(nexos.api.baseUrl, key);
  const statusOfCall = async () => (await caller.request('GET', '/projects')).status;
  await eventually('the limit to be used up', async () => (await statusOfCall()) === 429 || undefined, {
    everyMs: 0,
  });
  await eventually('the limit to reset', async () => (await statusOfCall()) === 200 || undefined, {
    deadlineMs: 65_000,
    everyMs: 1_000,
  });
});
