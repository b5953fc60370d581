import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hostileRequest, type HostileRequest } from '../../support/hostile/hostile-request.js';
import { ApiDocument } from '../../support/nexos/api-document.js';
import {
  DatabaseSnapshotter,
  tablesWritten,
  type DatabaseSnapshot,
} from '../../support/nexos/database-snapshot.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { byScale } from '../../support/scale.js';
import { anotherAccount } from '../../integration/api/api-fixture.js';
import { eventually } from '../../support/eventually.js';
import { kindsIn, createOwnedResources } from '../../integration/api/owned-resources.js';

/** Requests per operation: a number, not a duration, so that a slow machine sends as many as a fast one. */
const REQUESTS = byScale({ short: 10, long: 300 });
/** For all operations together, in milliseconds: half a second per request on a loaded machine. */
const TIMEOUT_MS = byScale({ short: 1_800_000, long: 9_000_000 });
/** Set it to the seed of a failure to reproduce it. */
const SEED = process.env.FAST_CHECK_SEED;

let nexos: NexosStack;
let key: string;
let printer: DatabaseSnapshotter;
let before: DatabaseSnapshot;
const seen = new Map<number, number>();
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
  // The account of the stack's own client, with a key that no request can name.
  ({ key } = await anotherAccount(nexos, 'operator'));
  printer = await DatabaseSnapshotter.of(nexos.database);
});
afterAll(() => nexos.stop());

/**
 * Waits until every accepted delivery is processed and every event is passed on, so that the effects of a request are
 * written before the next one is sent.
 */
function untilIdle(): Promise<true> {
  return eventually('no delivery and no event to be waiting', async () => {
    const waiting = await nexos.column(
      `SELECT 1 FROM webhook_deliveries WHERE outcome = 'accepted'
       UNION ALL SELECT 1 FROM deployment_events WHERE passed_on_at IS NULL
       UNION ALL SELECT 1 FROM environment_events WHERE passed_on_at IS NULL LIMIT 1`,
    );
    return waiting.length === 0 ? true : undefined;
  });
}

async function send({ method, path, headers, body }: HostileRequest): Promise<Response> {
  const response = await fetch(`${nexos.api.baseUrl}/api${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  // A followed log does not end.
  await response.body?.cancel();
  return response;
}

describe('every API operation', () => {
  it(
    'answers hostile requests as documented and never with a 5xx, and changes nothing when it rejects one',
    { timeout: TIMEOUT_MS },
    async () => {
      const { operations } = await ApiDocument.fetch(nexos.api.baseUrl);
      for (const operation of operations) {
        // A request may have given the account another plan, which allows less than all operations need.
        await nexos.database.query(`UPDATE accounts SET plan = 'operator', limits = '{}' WHERE is_operator`);
        const mine = await createOwnedResources(nexos);
        const known = {
          ids: kindsIn(operation).map((kind) => mine[kind] ?? 'x'),
          webhookSecret: nexos.env.GITHUB_WEBHOOK_SECRET ?? '',
        };
        await untilIdle();
        before = await printer.print();
        const property = fc.asyncProperty(hostileRequest(operation, known), async (request) => {
          const { status } = await send(request);
          seen.set(status, (seen.get(status) ?? 0) + 1);
          expect(status, operation.operationId).toBeLessThan(500);
          await untilIdle();
          const after = await printer.print();
          if (status >= 400)
            expect(tablesWritten(before, after), `${status} ${operation.operationId}`).toEqual([]);
          before = after;
        });
        await fc.assert(property, {
          numRuns: REQUESTS,
          ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        });
      }
      // Requests that are always, or never, rejected would test little.
      expect([...seen.keys()].sort()).toEqual(expect.arrayContaining([200, 202, 400, 404]));
    },
  );
});
