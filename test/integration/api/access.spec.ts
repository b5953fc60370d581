import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationIdOf } from '../../../apps/api/src/http/openapi/documented-routes.js';
import { previewApi } from '../../../apps/api/src/http/openapi/preview-api.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { ApiDocument, type ApiOperation } from '../../support/nexos/api-document.js';
import { DatabasePrinter, tablesWritten } from '../../support/nexos/database-print.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, problemOf } from './api-fixture.js';
import { exampleBody, kindsIn, pathWith, possessionsOf, type Possessions, unknownId } from './possessions.js';

/** For load balancers and supervisors, and no part of the API. */
const UNDOCUMENTED = ['health.figures', 'health.live', 'health.ready'];
/** Signed by whoever calls them, or there to sign in. */
const OPEN = ['repositoryConfig.schema', 'signIn.begin', 'signIn.finish', 'webhooks.receive'];

let nexos: SharedApi;
/** Every operation there is, but for those that are undocumented. */
let operations: readonly ApiOperation[];
let named: readonly ApiOperation[];
beforeAll(async () => {
  nexos = await SharedApi.enter();
  ({ operations } = await ApiDocument.fetch(nexos.api.baseUrl));
  named = operations.filter(({ path }) => path.includes('{'));
});
afterAll(() => nexos.leave());

/** Asks for what an operation's example asks for. */
const ask = (api: ApiClient, operation: ApiOperation, path: string) =>
  api.request(operation.method, path, exampleBody(operation));
const labelOf = ({ method, path }: ApiOperation) => `${method} ${path}`;

/** The handlers of all controllers that Nest knows, as the document would name them. */
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

describe('a route', () => {
  const UNKNOWN = `nxs_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  const BAD: [string, string | undefined][] = [
    ['no key', undefined],
    ['an empty one', ''],
    ['no scheme', UNKNOWN],
    ['another scheme', `Basic ${Buffer.from(`x:${UNKNOWN}`).toString('base64')}`],
    ['a malformed key', 'Bearer hello'],
    ['a key of another prefix', `Bearer ${UNKNOWN.replace('nxs', 'ghp')}`],
    ['a key that nobody made', `Bearer ${UNKNOWN}`],
    ['two keys', `Bearer ${UNKNOWN} ${UNKNOWN}`],
    ['a key of a megabyte’s beginning', `Bearer ${'x'.repeat(8_000)}`],
    ['something with quotes', `Bearer nxs_' OR 1=1 --`],
  ];

  it.each(BAD)('with %s answers 401, whatever it is asked', async (_, authorization) => {
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

  it('is in the document, which is what is walked here, but for those that tell how the API is', async () => {
    const documented = new Set(operations.map(({ operationId }) => operationId));
    const known = await handlers();
    expect(known.filter((id) => !documented.has(id)).sort()).toEqual(UNDOCUMENTED);
    expect(known).toEqual(expect.arrayContaining(OPEN));
  });

  it('is open to anybody only where that is meant', () => {
    const open = operations.filter(({ security }) => security.length === 0);
    expect(open.map(({ operationId }) => operationId).sort()).toEqual(OPEN);
  });

  it('with somebody else’s secret behind a known key’s id answers 401', async () => {
    const { key } = await anotherAccount(nexos, 'forged');
    const forged = key.slice(0, -5) + (key.endsWith('AAAAA') ? 'BBBBB' : 'AAAAA');
    const headers = { authorization: `Bearer ${forged}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(401);
    const good = { authorization: `Bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers: good })).status).toBe(200);
  });

  it('with a key that was revoked answers 401', async () => {
    const { key } = await anotherAccount(nexos, 'revoked');
    const keyId = key.split('_')[1];
    await nexos.database.query('UPDATE api_keys SET revoked_at = now() WHERE key_id = $1', [keyId]);
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${nexos.api.baseUrl}/api/projects`, { headers });
    expect(response.status).toBe(401);
    await problemOf(response);
  });

  it('takes the scheme in any case, as RFC 9110 has it', async () => {
    const { key } = await anotherAccount(nexos, 'cases');
    const headers = { authorization: `bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(200);
  });
});

describe('a key', () => {
  it('is kept as a hash alone', async () => {
    const { key } = await anotherAccount(nexos, 'hashed');
    const [, keyId, secret] = /^nxs_([^_]+)_(.+)$/.exec(key) ?? [];
    const [row] = await nexos.column<object>('SELECT to_jsonb(k) FROM api_keys k WHERE key_id = $1', [keyId]);
    expect(JSON.stringify(row)).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(JSON.stringify(row)).not.toContain(secret);
  });
});

describe('another account', () => {
  let other: ApiClient;
  let mine: Possessions;
  let printer: DatabasePrinter;
  beforeAll(async () => {
    ({ api: other } = await anotherAccount(nexos, 'another account'));
    mine = await possessionsOf(nexos);
    printer = await DatabasePrinter.of(nexos.database);
  });

  it('sees 404 wherever our ids go, exactly as for what does not exist, and nothing moves', async () => {
    const before = await printer.print();
    for (const operation of named) {
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

  it('sees nothing of ours in any list', async () => {
    for (const operation of operations.filter(
      ({ method, path }) => method === 'GET' && !path.includes('{'),
    )) {
      if (OPEN.includes(operation.operationId)) continue;
      const text = await (await ask(other, operation, operation.path)).text();
      for (const id of Object.values(mine)) expect(text, labelOf(operation)).not.toContain(id);
    }
    expect(await other.get<unknown[]>('/projects')).toEqual([]);
  });

  it('cannot reach it with a cursor of ours', async () => {
    await createProject(nexos);
    expect(await other.get<unknown[]>(`/projects?cursor=${(mine.proj ?? '').replace(/.$/, 'z')}`)).toEqual(
      [],
    );
  });

  it('follows no log of ours', async () => {
    const path = `/deployments/${mine.dep ?? ''}/logs`;
    const response = await other.request('GET', path, undefined, { accept: 'text/event-stream' });
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});

describe('an id', () => {
  const ODD: [string, string][] = [
    ['of no form', 'x'],
    ['of NUL', '%00'],
    ['that climbs', '..%2f..%2fetc'],
    ['of SQL', "' OR 1=1"],
    ['that is long', 'x'.repeat(190)],
    ['that is absurdly long', 'x'.repeat(5_000)],
    ['beyond ASCII', '%F0%9F%9A%80'],
    ['in capitals', 'PROJ_01K00000000000000000000000'],
    ['of a project that is not there', 'proj_' + '0'.repeat(26)],
    ['of an environment that is not there', 'env_' + '0'.repeat(26)],
  ];

  it.each(ODD)('%s names nothing: 404, or 414 where no server would read on', async (_, id) => {
    for (const operation of named) {
      const path = pathWith(operation, () => id);
      const response = await ask(nexos.api, operation, path);
      expect(id.length > 1_000 ? [404, 414] : [404], labelOf(operation)).toContain(response.status);
      await problemOf(response);
    }
  });

  it.each(['x', '%00', 'PROJ_01K00000000000000000000000', 'user_' + '0'.repeat(26)])(
    'that cannot be one is told by the name of its parameter: %s',
    async (id) => {
      for (const operation of named) {
        const response = await ask(
          nexos.api,
          operation,
          pathWith(operation, () => id),
        );
        const { errors = [] } = await problemOf(response);
        const kinds = kindsIn(operation);
        // The Git host makes up the ids of deliveries.
        const parameters = [...operation.path.matchAll(/\{(\w+)\}/g)]
          .map(([, name]) => name)
          .filter((_, n) => kinds[n] !== 'delivery' || id !== 'x');
        const fields = errors.map(({ field }) => field);
        expect(fields, labelOf(operation)).toEqual(parameters);
      }
    },
  );

  it('that is one of another kind is told alone, and one that could be there is not', async () => {
    const nowhere = '0'.repeat(26);
    const errorsAt = async (path: string) => {
      const { errors = [] } = await problemOf(await nexos.api.request('DELETE', path));
      return errors;
    };
    expect(await errorsAt(`/projects/proj_${nowhere}/env-vars/proj_${nowhere}`)).toEqual([
      { field: 'varId', message: 'must be an id that begins with var_, as it was given out' },
    ]);
    expect(await errorsAt(`/projects/proj_${nowhere}/env-vars/var_${nowhere}`)).toEqual([]);
  });
});
