// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.mjs';
import { defaultHome, root } from './home.mjs';
import { ensureNodeModules } from './node-modules.mjs';
import { logToStderr } from './progress.mjs';
import { registerTypescript } from './register-typescript.mjs';
import { exitWith } from './setup-error.mjs';

const PRINT_OPENAPI = 'dist/apps/api/src/commands/print-openapi.js';

/** `npm run docs`: generates docs/reference from the code. It needs no database. */
try {
  await ensureNodeModules({ root, home: defaultHome, log: logToStderr });
  await compile();
  const document = execFileSync(process.execPath, [PRINT_OPENAPI], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  // Packages can be imported only now.
  await registerTypescript();
  const { REFERENCE, referencePages } = await import('../../docs/generate/reference.js');
  mkdirSync(join(root, REFERENCE), { recursive: true });
  for (const [name, text] of await referencePages(JSON.parse(document))) {
    writeFileSync(join(root, REFERENCE, name), text);
    logToStderr(`wrote ${REFERENCE}/${name}`);
  }
} catch (error) {
  exitWith(error);
}
