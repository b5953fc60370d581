import { previewOpenApiDocument } from '../http/openapi/preview-api.js';

/** Prints the OpenAPI document; needs no database: `node dist/apps/api/src/commands/print-openapi.js`. */
process.stdout.write(`${JSON.stringify(await previewOpenApiDocument(), null, 2)}\n`);
