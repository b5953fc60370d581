import { loadConfig, ServicesConfig } from '@nexos/config';
import { repositoryConfigSchema } from '@nexos/settings';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

describe('the JSON Schema of nexos.yaml', () => {
  const get = (headers: Record<string, string> = {}) =>
    fetch(`${nexos.api.baseUrl}/api/nexos.schema.json`, { headers });

  it('is public, and is the one that the builder uses', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    const schema = (await response.json()) as object;
    const { services } = loadConfig({ services: ServicesConfig }, nexos.env);
    expect(schema).toEqual(repositoryConfigSchema(services.offer()));
    const accepts = new Ajv2020({ strict: false }).compile(schema);
    expect(accepts({ app: { port: 80 } })).toBe(true);
    expect(accepts({ app: { port: 0 } })).toBe(false);
    expect(accepts({ services: { redis: { version: '7' } } })).toBe(true);
    expect(accepts({ services: { redis: { version: '6' } } })).toBe(false);
  });

  it('is a 304 for an editor that already has it', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
  });
});
