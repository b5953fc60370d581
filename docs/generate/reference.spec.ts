import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { previewOpenApiDocument } from '../../apps/api/src/http/openapi/preview-api.js';
import type { OpenApi } from './openapi.js';
import { REFERENCE, referencePages } from './reference.js';

const FOLDER = join(fileURLToPath(new URL('../..', import.meta.url)), REFERENCE);

it('docs/reference is up to date: npm run docs', async () => {
  const document = JSON.parse(JSON.stringify(await previewOpenApiDocument())) as OpenApi;
  const pages = await referencePages(document);
  expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(join(FOLDER, name), 'utf8'), name).toBe(text);
});
