// @ts-check
import { runCompiled } from './run-compiled.mjs';

/** `npm run --silent api-key -- --name NAME`: nothing but the key goes to standard output. */
await runCompiled('create-api-key');
