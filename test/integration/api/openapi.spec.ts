import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewOpenApiDocument } from '../../../apps/api/src/http/openapi/preview-api.js';
import { ERROR_KINDS } from '../../../apps/api/src/http/problems/api-error.js';
import { clientTypes } from '../../support/machine.js';
import { ApiContract } from '../../support/nexos/api-contract.js';
import { SharedApi } from '../../support/nexos/shared-api.js';

let nexos: SharedApi;
let contract: ApiContract;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  contract = await ApiContract.of(nexos.api.baseUrl);
});
afterAll(() => nexos.leave());

const get = (path: string) => fetch(`${nexos.api.baseUrl}/api${path}`);

describe('the OpenAPI document', () => {
  it('is public, and is the one that is generated without a running API', async () => {
    const response = await get('/openapi.json');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const served: unknown = await response.json();
    expect(served).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api' }] });
    expect(served).toEqual(JSON.parse(JSON.stringify(await previewOpenApiDocument())));
  });

  it('has a summary and a unique id for every operation', () => {
    const { operations } = contract.document;
    expect(operations.length).toBeGreaterThan(0);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary } of operations) expect(summary, operationId).toMatch(/^[A-Z].*[^.]$/);
  });

  it('has examples that match their schemas', () => {
    for (const { operationId, bodies, responses } of contract.document.operations) {
      const media = [bodies, ...Object.values(responses).map(({ content = {} }) => content)].flatMap((one) =>
        Object.values(one),
      );
      for (const { schema, example, examples } of media) {
        const values =
          example === undefined ? Object.values(examples ?? {}).map(({ value }) => value) : [example];
        expect(values.length, operationId).toBeGreaterThan(0);
        for (const value of values) expect(contract.errorsOf(schema, value), operationId).toEqual([]);
      }
    }
  });

  it('documents every error status that a route can return', () => {
    for (const { operationId, method, path, security, responses } of contract.document.operations) {
      const statuses = Object.keys(responses).map(Number);
      const due = [500, 503];
      if (security.length > 0) due.push(401, 403, 429);
      if (path.includes('{')) due.push(404);
      if (method !== 'GET') due.push(400, 413, 415);
      expect(statuses, operationId).toEqual(expect.arrayContaining(due));
    }
  });

  it('names existing problems under their own statuses', () => {
    for (const { operationId, responses } of contract.document.operations) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        for (const kind of Object.keys(content['application/problem+json']?.examples ?? {})) {
          expect(ERROR_KINDS[kind as keyof typeof ERROR_KINDS].status, operationId).toBe(Number(status));
        }
      }
    }
  });

  it('is the source of the generated client types (npm run client)', async () => {
    const types = readFileSync(
      new URL('../../../libs/client/src/schema.generated.ts', import.meta.url),
      'utf8',
    );
    expect(await clientTypes(await previewOpenApiDocument())).toBe(types);
  });
});

describe('the documentation page', () => {
  it('loads only its own files, and has no inline scripts', async () => {
    const response = await get('/docs');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=/);
    const files = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const answer = await get(`/${file}`);
      expect(answer.status, file).toBe(200);
      expect((await answer.text()).length, file).toBeGreaterThan(100);
    }
  });

  it.each(['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/%2e%2e/openapi.json'])(
    'serves no other file: %s',
    async (path) => {
      const response = await get(path);
      expect(path.includes('openapi') ? [200, 404] : [404]).toContain(response.status);
    },
  );
});

describe('ApiContract', () => {
  const HEADERS = {
    'x-request-id': 'deploy-bot-000172',
    'ratelimit-limit': '600',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '60',
    etag: '"x"',
  };
  const answer = (
    status: number,
    body: unknown,
    { type = 'application/json', ...headers }: Record<string, string> = {},
  ) =>
    new Response(JSON.stringify(body), { status, headers: { ...HEADERS, 'content-type': type, ...headers } });
  const asked = { method: 'GET', path: '/projects' };
  const project = () => {
    const list = contract.document.find('GET', '/projects')?.responses['200']?.content;
    return (list?.['application/json']?.example as object[])[0];
  };

  it('reports an undocumented status, content type or field', async () => {
    await expect(contract.check(asked, answer(200, [project()]))).resolves.toHaveProperty('status', 200);
    await expect(contract.check(asked, answer(418, []))).rejects.toThrow('(projects.list) answered 418');
    const text = answer(200, [], { type: 'text/plain' });
    await expect(contract.check(asked, text)).rejects.toThrow('text/plain');
    const secret = { ...project(), secret: 1 };
    await expect(contract.check(asked, answer(200, [secret]))).rejects.toThrow('unknown field "secret"');
    await expect(contract.check(asked, answer(200, [{ ...project(), cpu: '1' }]))).rejects.toThrow('0.cpu');
    const problem = {
      type: 'urn:nexos:problem:conflict',
      title: '',
      status: 401,
      detail: '',
      request_id: '',
    };
    const wrong = answer(401, problem, { type: 'application/problem+json' });
    await expect(contract.check(asked, wrong)).rejects.toThrow('field type');
    await expect(contract.check({ method: 'GET', path: '/nothing' }, answer(200, {}))).rejects.toThrow(
      'no operation',
    );
  });

  it.each(Object.keys(HEADERS))('reports the missing header %s', async (name) => {
    const response = answer(200, [project()]);
    response.headers.delete(name);
    await expect(contract.check(asked, response)).rejects.toThrow(
      new RegExp(`without the header ${name}`, 'i'),
    );
  });

  it.each([
    ['ratelimit-remaining', '-1'],
    ['ratelimit-reset', 'soon'],
    ['etag', 'x'],
    ['link', '</elsewhere>; rel="next"'],
    ['x-request-id', 'x'],
  ])('reports the invalid header %s: %s', async (name, value) => {
    const response = answer(200, [project()], { [name]: value });
    await expect(contract.check(asked, response)).rejects.toThrow(new RegExp(`header ${name} whose`, 'i'));
  });

  it.each([
    ['a name that is not known', 'event: log\ndata: {}\n\n', 'an event log'],
    ['no name', 'data: {}\n\n', 'an event message'],
    ['a field too many', 'event: end\ndata: {"status":"live","x":1}\n\n', 'unknown field "x"'],
    ['a field too few', 'event: line\ndata: {"stream":"stdout","text":""}\n\n', "property 'time'"],
    ['a status that there is not', 'event: end\ndata: {"status":"gone"}\n\n', 'field status'],
  ])('reports a stream event with %s', async (_, events, error) => {
    const example = contract.document.find('GET', '/deployments/x/logs')?.responses['200']?.content;
    const good = String(example?.['text/event-stream']?.example);
    const stream = (text: string) =>
      contract.check(
        { method: 'GET', path: '/deployments/x/logs' },
        new Response(text, { headers: { ...HEADERS, 'content-type': 'text/event-stream' } }),
      );
    expect(await (await stream(good)).text()).toBe(good);
    await expect((await stream(good + events)).text()).rejects.toThrow(error);
  });
});
