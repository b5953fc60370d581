import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationIdOf } from '../../../apps/api/src/http/openapi/documented-routes.js';
import { previewApi } from '../../../apps/api/src/http/openapi/preview-api.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { ApiDocument, type ApiOperation } from '../../support/nexos/api-document.js';
import { DatabaseSnapshotter, tablesWritten } from '../../support/nexos/database-snapshot.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, problemOf } from './api-fixture.js';
import {
  exampleBody,
  kindsIn,
  pathWith,
  createOwnedResources,
  type OwnedIds,
  unknownId,
} from './owned-resources.js';

/** Operations for load balancers and supervisors, which are not part of the API. */
const UNDOCUMENTED = [
  'health.figures',
  'health.live',
  'health.ready',
  'queueBoard.change',
  'queueBoard.read',
];
/** Operations whose requests are signed, and those that serve browsers on their way to GitHub and back. */
const OPEN = [
  'githubAppManifest.finish',
  'githubAppManifest.page',
  'githubInstall.finish',
  'repositoryConfig.schema',
  'signIn.begin',
  'signIn.finish',
  'webhooks.receive',
  'webhooks.receiveForProject',
];

let nexos: SharedApi;
/** All documented operations. */
let operations: readonly ApiOperation[];
/** The operations with ids in their path, except for a signed one, which answers only whether the signature is right. */
let withIds: readonly ApiOperation[];
beforeAll(async () => {
  nexos = await SharedApi.enter();
  ({ operations } = await ApiDocument.fetch(nexos.api.baseUrl));
  withIds = operations.filter(({ path, security }) => path.includes('{') && security.length > 0);
});
afterAll(() => nexos.leave());

/** Sends the example request of an operation. */
const ask = (api: ApiClient, operation: ApiOperation, path: string) =>
  api.request(operation.method, path, exampleBody(operation));
const labelOf = ({ method, path }: ApiOperation) => `${method} ${path}`;

/** Returns the operation ids of all route handlers that Nest knows. */
async function handlers(): Promise<string[]> {
  const scanner = new MetadataScanner();
  const modules = [...(await previewApi()).get(ModulesContainer).values()];
  return modules.flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) => {
      const { name, prototype } = metatype as new () => object;
      return scanner
        .getAllMethodNames(prototype as object)
        .filter((method) =>
          Reflect.hasMetadata('method', (prototype as Record<string, object>)[method] ?? {}),
        )
        .map((method) => operationIdOf(name, method));
    }),
  );
}

describe('authentication', () => {
  const UNKNOWN = `nxs_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  const BAD: [string, string | undefined][] = [
    ['no key', undefined],
    ['an empty header', ''],
    ['a key without a scheme', UNKNOWN],
    ['another scheme', `Basic ${Buffer.from(`x:${UNKNOWN}`).toString('base64')}`],
    ['a malformed key', 'Bearer hello'],
    ['a key with another prefix', `Bearer ${UNKNOWN.replace('nxs', 'ghp')}`],
    ['an unknown key', `Bearer ${UNKNOWN}`],
    ['two keys', `Bearer ${UNKNOWN} ${UNKNOWN}`],
    ['a very long key', `Bearer ${'x'.repeat(8_000)}`],
    ['a key with quotes', `Bearer nxs_' OR 1=1 --`],
  ];

  it.each(BAD)('returns 401 for %s on every protected route', async (_, authorization) => {
    for (const operation of operations.filter(({ security }) => security.length > 0)) {
      const path = pathWith(operation, (kind) => `${kind}_x`);
      const response = await fetch(`${nexos.api.baseUrl}/api${path}`, {
        method: operation.method,
        ...(authorization === undefined ? {} : { headers: { authorization } }),
      });
      expect(response.status, labelOf(operation)).toBe(401);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:unauthenticated');
    }
  });

  it('covers every route: all but the health routes and the board of queues are in the OpenAPI document', async () => {
    const documented = new Set(operations.map(({ operationId }) => operationId));
    const known = await handlers();
    expect(known.filter((id) => !documented.has(id)).sort()).toEqual(UNDOCUMENTED);
    expect(known).toEqual(expect.arrayContaining(OPEN));
  });

  it('leaves only the intended routes open', () => {
    const open = operations.filter(({ security }) => security.length === 0);
    expect(open.map(({ operationId }) => operationId).sort()).toEqual(OPEN);
  });

  it('returns 401 for a known key id with another secret', async () => {
    const { key } = await anotherAccount(nexos, 'forged');
    const forged = key.slice(0, -5) + (key.endsWith('AAAAA') ? 'BBBBB' : 'AAAAA');
    const headers = { authorization: `Bearer ${forged}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(401);
    const good = { authorization: `Bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers: good })).status).toBe(200);
  });

  it('returns 401 for a revoked key', async () => {
    const { key } = await anotherAccount(nexos, 'revoked');
    const keyId = key.split('_')[1];
    await nexos.database.query('UPDATE api_keys SET revoked_at = now() WHERE key_id = $1', [keyId]);
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${nexos.api.baseUrl}/api/projects`, { headers });
    expect(response.status).toBe(401);
    await problemOf(response);
  });

  it('accepts the scheme in any case, as RFC 9110 requires', async () => {
    const { key } = await anotherAccount(nexos, 'cases');
    const headers = { authorization: `bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(200);
  });
});

describe('an API key', () => {
  it('is stored only as a hash', async () => {
    const { key } = await anotherAccount(nexos, 'hashed');
    const [, keyId, secret] = /^nxs_([^_]+)_(.+)$/.exec(key) ?? [];
    const [row] = await nexos.column<object>('SELECT to_jsonb(k) FROM api_keys k WHERE key_id = $1', [keyId]);
    expect(JSON.stringify(row)).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(JSON.stringify(row)).not.toContain(secret);
  });
});

describe('another account', () => {
  let other: ApiClient;
  let mine: OwnedIds;
  let printer: DatabaseSnapshotter;
  beforeAll(async () => {
    ({ api: other } = await anotherAccount(nexos, 'another account'));
    mine = await createOwnedResources(nexos);
    printer = await DatabaseSnapshotter.of(nexos.database);
  });

  it('gets the same 404 for our ids as for unknown ones, and changes nothing', async () => {
    const before = await printer.print();
    for (const operation of withIds) {
      const response = await ask(
        other,
        operation,
        pathWith(operation, (kind) => mine[kind]),
      );
      expect(response.status, labelOf(operation)).toBe(404);
      const theirs = await problemOf(response);
      const nowhere = pathWith(operation, unknownId);
      const missing = await problemOf(await ask(other, operation, nowhere));
      expect({ ...theirs, request_id: '' }, labelOf(operation)).toEqual({ ...missing, request_id: '' });
      expect(tablesWritten(before, await printer.print()), labelOf(operation)).toEqual([]);
    }
  });

  it('sees none of our resources in any list', async () => {
    for (const operation of operations.filter(
      ({ method, path }) => method === 'GET' && !path.includes('{'),
    )) {
      if (OPEN.includes(operation.operationId)) continue;
      const text = await (await ask(other, operation, operation.path)).text();
      for (const id of Object.values(mine)) expect(text, labelOf(operation)).not.toContain(id);
    }
    expect(await other.get<unknown[]>('/projects')).toEqual([]);
  });

  it('cannot list our resources with one of our cursors', async () => {
    await createProject(nexos);
    expect(await other.get<unknown[]>(`/projects?cursor=${(mine.proj ?? '').replace(/.$/, 'z')}`)).toEqual(
      [],
    );
  });

  it('cannot follow our logs', async () => {
    const path = `/deployments/${mine.dep ?? ''}/logs`;
    const response = await other.request('GET', path, undefined, { accept: 'text/event-stream' });
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});

describe('an id in a path', () => {
  const ODD: [string, string][] = [
    ['not an id', 'x'],
    ['NUL', '%00'],
    ['path traversal', '..%2f..%2fetc'],
    ['SQL', "' OR 1=1"],
    ['a long text', 'x'.repeat(190)],
    ['an absurdly long text', 'x'.repeat(5_000)],
    ['non-ASCII characters', '%F0%9F%9A%80'],
    ['capitals', 'PROJ_01K00000000000000000000000'],
    ['an unknown project', 'proj_' + '0'.repeat(26)],
    ['an unknown environment', 'env_' + '0'.repeat(26)],
  ];

  it.each(ODD)('gets a 404, or a 414 when it is too long to read: %s', async (_, id) => {
    for (const operation of withIds) {
      const path = pathWith(operation, () => id);
      const response = await ask(nexos.api, operation, path);
      expect(id.length > 1_000 ? [404, 414] : [404], labelOf(operation)).toContain(response.status);
      await problemOf(response);
    }
  });

  it.each(['x', '%00', 'PROJ_01K00000000000000000000000', 'sess_' + '0'.repeat(26)])(
    'is reported by the name of its parameter when it is malformed: %s',
    async (id) => {
      for (const operation of withIds) {
        const response = await ask(
          nexos.api,
          operation,
          pathWith(operation, () => id),
        );
        const { errors = [] } = await problemOf(response);
        const kinds = kindsIn(operation);
        // The Git host chooses the ids of deliveries.
        const parameters = [...operation.path.matchAll(/\{(\w+)\}/g)]
          .map(([, name]) => name)
          .filter((_, n) => kinds[n] !== 'delivery' || id !== 'x');
        const fields = errors.map(({ field }) => field);
        expect(fields, labelOf(operation)).toEqual(parameters);
      }
    },
  );

  it('is reported when it is of another kind, and not when it could exist', async () => {
    const nowhere = '0'.repeat(26);
    const errorsAt = async (path: string) => {
      const { errors = [] } = await problemOf(await nexos.api.request('DELETE', path));
      return errors;
    };
    expect(await errorsAt(`/projects/proj_${nowhere}/env-vars/proj_${nowhere}`)).toEqual([
      { field: 'varId', message: 'must be an id that begins with var_, exactly as the API returned it' },
    ]);
    expect(await errorsAt(`/projects/proj_${nowhere}/env-vars/var_${nowhere}`)).toEqual([]);
  });
});
