import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { compile } from './compile.js';
import { root } from './home.js';
import { readOptions } from './options.js';
import { logToStderr } from './progress.mjs';

const USAGE = `Generates the types of the API's client from the code. Needs no database.

  npm run client
`;
const COMMAND = 'dist/apps/api/src/commands/print-openapi.js';
const TARGET = 'libs/client/src/schema.generated.ts';
const HEADER = `/**
 * Generated from the API's OpenAPI document: npm run client
 * Do not edit.
 */

`;

/** Returns the types of the client, as TypeScript, from the API's OpenAPI document. */
export async function clientTypes(document: unknown): Promise<string> {
  const options = { alphabetize: true, defaultNonNullable: false };
  return HEADER + astToString(await openapiTS(document as OpenAPI3, options));
}

/** Compiles the API and returns its OpenAPI document. Needs no database. */
export async function openApiDocument(): Promise<unknown> {
  await compile();
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 } as const;
  return JSON.parse(execFileSync(process.execPath, [COMMAND], options)) as unknown;
}

/** `npm run client` */
export async function main(args: string[]): Promise<void> {
  readOptions(USAGE, args, {});
  writeFileSync(join(root, TARGET), await clientTypes(await openApiDocument()));
  logToStderr(`wrote ${TARGET}`);
}
