// @ts-check
import { join } from 'node:path';
import { readIfThere } from './atomic-file.mjs';
import { defaultHome } from './home.mjs';

/** Prints one line over the last everyday run and the last full one. A run that did not end counts as failed. */
const totals = { passed: 0, failed: 0 };
for (const kind of ['everyday', 'full']) {
  const text = readIfThere(join(defaultHome, 'results', `summary-${kind}.json`));
  /** @type {{ passed: number, failed: number }[]} */
  const results = text === undefined ? [{ passed: 0, failed: 1 }] : JSON.parse(text);
  for (const { passed, failed } of results) {
    totals.passed += passed;
    totals.failed += failed;
  }
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
