import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveDocsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/**
 * Serves the OpenAPI document, which is made here once, and a page to read it. Both are public.
 *
 * @throws {Error} naming what is not documented: such an API does not boot
 */
export function setUpOpenApi(app: NestFastifyApplication): void {
  const text = JSON.stringify(openApiDocument(app));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/api/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text),
  );
  serveDocsPage(fastify, '/api/docs');
}
