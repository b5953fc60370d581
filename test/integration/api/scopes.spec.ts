import { type Scope, SCOPES } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { ApiDocument, type ApiOperation } from '../../support/nexos/api-document.js';
import { DatabaseSnapshotter, tablesWritten } from '../../support/nexos/database-snapshot.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, problemOf } from './api-fixture.js';
import { exampleBody, pathWith, createOwnedResources } from './owned-resources.js';

let nexos: SharedApi;
const clients = new Map<Scope, ApiClient>();
beforeAll(async () => {
  nexos = await SharedApi.enter();
  for (const scope of SCOPES) clients.set(scope, (await anotherAccount(nexos, 'scoped', [scope])).api);
});
afterAll(() => nexos.leave());

/** The scope that a request needs, and the status that it gets with that scope. */
const NEEDS: [string, string, Scope, number][] = [
  ['GET', '/auth/me', 'read', 200],
  ['GET', '/projects', 'read', 200],
  ['GET', '/environments/x', 'read', 404],
  ['GET', '/deployments/x', 'read', 404],
  ['GET', '/environments/x/logs', 'read', 404],
  ['GET', '/deployments/x/logs', 'read', 404],
  ['GET', '/github/installations', 'read', 404],
  ['GET', '/github/repositories', 'read', 404],
  ['GET', '/github/install', 'read', 404],
  ['POST', '/projects', 'write', 400],
  ['POST', '/environments/x/destroy', 'write', 404],
  ['POST', '/environments/x/exec', 'write', 400],
  ['GET', '/environments/x/executions', 'write', 404],
  ['GET', '/executions/x', 'write', 404],
  ['GET', '/executions/x/logs', 'write', 404],
  ['POST', '/executions/x/cancel', 'write', 404],
  ['GET', '/projects/x/deliveries', 'read', 404],
  ['GET', '/projects/x/github/reports', 'read', 404],
  ['GET', '/webhooks/deliveries', 'read', 200],
  ['GET', '/webhooks/deliveries/x', 'read', 404],
  ['POST', '/webhooks/deliveries/x/replay', 'admin', 404],
  ['POST', '/github/app-manifest', 'admin', 403],
  ['DELETE', '/github/app', 'admin', 403],
  ['GET', '/accounts', 'admin', 200],
  ['PATCH', '/accounts/x', 'admin', 404],
  ['GET', '/audit', 'admin', 200],
  ['GET', '/auth/api-keys', 'admin', 200],
  ['POST', '/auth/api-keys', 'admin', 400],
  ['DELETE', '/auth/api-keys/x', 'admin', 404],
];

describe.each(NEEDS)('%s %s', (method, path, needed, status) => {
  it.each(SCOPES)(`requires ${needed}, with a key that has %s`, async (granted) => {
    const response = await clients.get(granted)?.request(method, path, status === 400 ? {} : undefined);
    const isEnough = SCOPES.indexOf(granted) >= SCOPES.indexOf(needed);
    expect(response?.status).toBe(isEnough ? status : 403);
    if (isEnough || response === undefined) return;
    const problem = await problemOf(response);
    expect(problem.type).toBe('urn:nexos:problem:insufficient-scope');
    expect(problem.detail).toContain(needed);
  });
});

/** Sends the examples of all operations, for existing resources of the caller, with an insufficient scope. */
describe('operations', () => {
  /** Only a session can sign out, regardless of the scope. */
  const OF_SESSIONS = ['logout.logout'];
  const OF_ADMINS = [
    ...['accounts.get', 'accounts.list', 'accounts.update'],
    ...['apiKeys.create', 'apiKeys.list', 'apiKeys.revoke', 'audit.list', 'deliveries.replay'],
    ...['githubApp.forget', 'githubAppManifest.create'],
    ...['nodes.joinToken', 'nodes.remove', 'nodes.undrain'],
  ];
  const WALKS: [Scope, string, (operation: ApiOperation) => boolean][] = [
    [
      'read',
      'operations that change something',
      ({ method, security, operationId }) =>
        method !== 'GET' && security.length > 0 && !OF_SESSIONS.includes(operationId),
    ],
    ['write', 'operations of admins', ({ operationId }) => OF_ADMINS.includes(operationId)],
  ];
  let operations: readonly ApiOperation[];
  beforeAll(async () => {
    ({ operations } = await ApiDocument.fetch(nexos.api.baseUrl));
  });

  it.each(WALKS)('the scope %s is insufficient for %s, and nothing changes', async (scope, _, isRefused) => {
    const { api } = await anotherAccount(nexos, 'operator', [scope]);
    const mine = await createOwnedResources(nexos);
    expect((await api.request('GET', `/projects/${mine.proj ?? ''}`)).status).toBe(200);
    const walked = operations.filter(isRefused);
    expect(walked.length).toBeGreaterThanOrEqual(OF_ADMINS.length);
    const printer = await DatabaseSnapshotter.of(nexos.database);
    const before = await printer.print();
    for (const operation of walked) {
      const path = pathWith(operation, (kind) => mine[kind]);
      const response = await api.request(operation.method, path, exampleBody(operation));
      expect(response.status, operation.operationId).toBe(403);
      const { type } = await problemOf(response);
      expect(type, operation.operationId).toBe('urn:nexos:problem:insufficient-scope');
      expect(tablesWritten(before, await printer.print()), operation.operationId).toEqual([]);
    }
  });

  it('only the listed operations need admin', () => {
    const ofAdmins = operations.filter(({ security }) => security[0]?.apiKey?.includes('admin'));
    expect(ofAdmins.map(({ operationId }) => operationId).sort()).toEqual(OF_ADMINS);
  });

  it('signing out is for sessions: a key gets a 403, and stays valid', async () => {
    const response = await clients.get('read')?.request('POST', '/auth/logout');
    expect(response?.status).toBe(403);
    expect((await clients.get('read')?.request('GET', '/auth/me'))?.status).toBe(200);
  });
});

describe('a request with an insufficient scope', () => {
  it('counts against the rate limit like any other request', async () => {
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
