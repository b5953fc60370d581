// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Longer failures lose their middle, because programs print the error at the end. */
const MAX_LENGTH = 3_000;

/**
 * Prints the failures of the last runs of the named kinds (default: everyday and full), and a line with the totals. A run
 * that did not end counts as failed.
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
  if (text.length <= MAX_LENGTH) return text;
  return `${text.slice(0, MAX_LENGTH / 3)}\n…\n${text.slice((-MAX_LENGTH * 2) / 3)}`;
}
