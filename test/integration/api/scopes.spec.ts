import { SCOPES, type Scope } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { ApiDocument } from '../../support/nexos/api-document.js';
import { DatabasePrinter, tablesWritten } from '../../support/nexos/database-print.js';
import { anotherAccount, problemOf } from './api-fixture.js';
import { exampleBody, pathWith } from './possessions.js';

let nexos: SharedApi;
const clients = new Map<Scope, ApiClient>();
beforeAll(async () => {
  nexos = await SharedApi.enter();
  for (const scope of SCOPES) clients.set(scope, (await anotherAccount(nexos, 'scoped', [scope])).api);
});
afterAll(() => nexos.leave());

/** What a request needs, and what it answers to whoever has it. */
const NEEDS: [string, string, Scope, number][] = [
  ['GET', '/auth/me', 'read', 200],
  ['GET', '/projects', 'read', 200],
  ['GET', '/environments/x', 'read', 404],
  ['GET', '/deployments/x', 'read', 404],
  ['GET', '/environments/x/logs', 'read', 404],
  ['GET', '/deployments/x/logs', 'read', 404],
  ['POST', '/projects', 'write', 400],
  ['POST', '/environments/x/destroy', 'write', 404],
  ['POST', '/environments/x/exec', 'write', 400],
  ['GET', '/environments/x/executions', 'write', 404],
  ['GET', '/executions/x', 'write', 404],
  ['GET', '/executions/x/logs', 'write', 404],
  ['POST', '/executions/x/cancel', 'write', 404],
  ['GET', '/auth/api-keys', 'admin', 200],
  ['POST', '/auth/api-keys', 'admin', 400],
  ['DELETE', '/auth/api-keys/x', 'admin', 404],
];

describe.each(NEEDS)('%s %s', (method, path, needed, status) => {
  it.each(SCOPES)(`needs ${needed}, and a key has %s`, async (granted) => {
    const response = await clients.get(granted)?.request(method, path, status === 400 ? {} : undefined);
    const isEnough = SCOPES.indexOf(granted) >= SCOPES.indexOf(needed);
    expect(response?.status).toBe(isEnough ? status : 403);
    if (isEnough || response === undefined) return;
    const problem = await problemOf(response);
    expect(problem.type).toBe('urn:nexos:problem:insufficient-scope');
    expect(problem.detail).toContain(needed);
  });
});

it('is more than to read for all that changes something', async () => {
  const { operations } = await ApiDocument.fetch(nexos.api.baseUrl);
  const changing = operations.filter(({ method, security }) => method !== 'GET' && security.length > 0);
  expect(changing.length).toBeGreaterThan(15);
  const printer = await DatabasePrinter.of(nexos.database);
  const before = await printer.print();
  for (const operation of changing) {
    const path = pathWith(operation, (kind) => `${kind}_x`);
    const response = await clients.get('read')?.request(operation.method, path, exampleBody(operation));
    expect(response?.status, operation.operationId).toBe(403);
  }
  expect(tablesWritten(before, await printer.print())).toEqual([]);
});

describe('what is refused for its scope', () => {
  it('is counted as every other request, and tells what is left', async () => {
    const remaining = async () => {
      const response = await clients.get('read')?.request('DELETE', '/projects/x');
      expect(response?.status).toBe(403);
      return Number(response?.headers.get('ratelimit-remaining') ?? NaN);
    };
    const before = await remaining();
    expect(before).toBeGreaterThan(0);
    expect(await remaining()).toBe(before - 1);
  });
});
