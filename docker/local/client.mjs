// @ts-check
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.mjs';
import { defaultHome, root } from './home.mjs';
import { ensureNodeModules } from './node-modules.mjs';
import { logToStderr } from './progress.mjs';
import { exitWith } from './setup-error.mjs';

const COMMAND = 'dist/apps/api/src/commands/print-openapi.js';
const TARGET = 'libs/client/src/schema.generated.ts';

/** `npm run client`: writes the client's types anew, from the code; no database is needed. */
try {
  await ensureNodeModules({ root, home: defaultHome, log: logToStderr });
  await compile();
  const text = execFileSync(process.execPath, [COMMAND], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  // Only now are there packages to import for sure.
  const { clientTypes } = await import('./client-types.mjs');
  writeFileSync(join(root, TARGET), await clientTypes(JSON.parse(text)));
  logToStderr(`wrote ${TARGET}`);
} catch (error) {
  exitWith(error);
}
