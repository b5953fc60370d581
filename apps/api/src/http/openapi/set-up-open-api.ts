import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveDocsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/**
 * Generates the OpenAPI document once, and serves it and a page to read it. Both are public.
 *
 * @throws {Error} naming what is not documented, so that the API does not start
 */
export function setUpOpenApi(app: NestFastifyApplication): void {
  const text = JSON.stringify(openApiDocument(app));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/api/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text),
  );
  serveDocsPage(fastify, '/api/docs');
}
