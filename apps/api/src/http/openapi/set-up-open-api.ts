import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveDocsPage } from './docs-page.js';
import { documentedRoutes } from './documented-routes.js';

/**
 * Serves the OpenAPI document, and a page to read it. Both are public. The document is generated on the first request:
 * few processes need it, and swagger takes 12 MB.
 *
 * @throws {Error} naming routes without a description, so that the API does not start
 */
export function setUpOpenApi(app: NestFastifyApplication): void {
  documentedRoutes(app);
  let text: Promise<string> | undefined;
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/api/openapi.json', async (_request, reply) => {
    text ??= generate(app);
    return reply.type('application/json; charset=utf-8').send(await text);
  });
  serveDocsPage(fastify, '/api/docs');
}

async function generate(app: NestFastifyApplication): Promise<string> {
  const { openApiDocument } = await import('./openapi-document.js');
  return JSON.stringify(openApiDocument(app));
}
