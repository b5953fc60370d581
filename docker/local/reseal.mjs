// @ts-check
import { runCompiled } from './run-compiled.mjs';

/** `npm run reseal`: seals what is in the database with the present key. */
await runCompiled('reseal');
