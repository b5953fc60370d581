// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of what one failure says: its end is kept too, where programs say what went wrong. */
const LONGEST = 3_000;

/**
 * Prints what failed in the last runs of the kinds that are named, or else of both, and one line over all of them. A
 * run that did not end counts as failed.
 */
const named = process.argv.slice(2);
const totals = { passed: 0, failed: 0 };
for (const kind of named.length > 0 ? named : ['everyday', 'full']) {
  const file = fileURLToPath(new URL(`../../.nexos/results/summary-${kind}.json`, import.meta.url));
  /** @type {{ passed: number, failed: number, failures?: string[] }[]} */
  const results = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : [{ passed: 0, failed: 1, failures: ['the run did not end'] }];
  for (const { passed, failed, failures = [] } of results) {
    totals.passed += passed;
    totals.failed += failed;
    for (const failure of failures) process.stdout.write(`FAILED (${kind}): ${shortened(failure)}\n\n`);
  }
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);

/** @param {string} text */
function shortened(text) {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST / 3)}\n…\n${text.slice((-LONGEST * 2) / 3)}`;
}
