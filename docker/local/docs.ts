import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenApi } from '../../docs/generate/openapi.js';
import { REFERENCE, referencePages } from '../../docs/generate/reference.js';
import { openApiDocument } from './client.js';
import { root } from './home.js';
import { readOptions } from './options.js';
import { logToStderr } from './progress.mjs';

const USAGE = `Generates docs/reference from the code. Needs no database.

  npm run docs
`;

/** `npm run docs` */
export async function main(args: string[]): Promise<void> {
  readOptions(USAGE, args, {});
  mkdirSync(join(root, REFERENCE), { recursive: true });
  for (const [name, text] of await referencePages((await openApiDocument()) as OpenApi)) {
    writeFileSync(join(root, REFERENCE, name), text);
    logToStderr(`wrote ${REFERENCE}/${name}`);
  }
}
