import { type Dialect, dialectsOf } from './dialect.js';
import { TooComplexError, WorkBudget } from './go-text.js';
import { readInstructions } from './instructions.js';

/** Flags that Dockerfile versions after 1.2 brought: https://docs.docker.com/reference/dockerfile/ */
const FLAGS = [
  'link',
  'parents',
  'exclude',
  'checksum',
  'keep-git-dir',
  'unpack',
  'network',
  'security',
  'device',
  'chmod',
  'start-interval',
];
const UNKNOWN_FLAG = new RegExp(`unknown flag: (?:--)?(?:${FLAGS.join('|')})\\b`, 'i');
/** Other errors that older versions report for syntax of newer ones. */
const OTHER_ERRORS =
  /unexpected key '(?:env|exclude|checksum|size)' in|unsupported mount type|unsupported modifier|missing ':' in substitution|invalid chmod parameter|ARG requires exactly one argument/i;
/** Steps; enough for any Dockerfile that people write. */
const BUDGET = 20_000_000;
/** BuildKit reads directives only above the first line that is none. */
const DIRECTIVE = /^(?:#|\/\/)\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*\S/;

/**
 * Returns whether an engine rejects a Dockerfile for syntax that newer versions know, which a `# syntax=` line would
 * bring. False if the Dockerfile has such a line where it has an effect.
 *
 * @param error the engine's
 * @param line where the error is
 */
export function isNewerSyntax(dockerfile: string, error: string, line: number | null): boolean {
  const lines = dockerfile.replace(/^\uFEFF/, '').split('\n');
  if (hasSyntaxLine(lines)) return false;
  if (UNKNOWN_FLAG.test(error) || OTHER_ERRORS.test(error)) return true;
  return line !== null && isInHeredoc(dockerfile, line);
}

/**
 * Returns whether an instruction that an engine without here-documents reads from a line is a line of one. Such an engine may
 * know the instruction, as in a Python program that begins with `from`.
 */
function isInHeredoc(dockerfile: string, line: number): boolean {
  const newest = dialectsOf(dockerfile).findLast(({ heredocs }) => heredocs === 'all');
  if (newest === undefined) return false;
  const budget = new WorkBudget(BUDGET);
  const begins = (dialect: Dialect) =>
    readInstructions(dockerfile, dialect, budget).some((instruction) => instruction.line === line);
  try {
    return begins({ ...newest, heredocs: 'none' }) && !begins(newest);
  } catch (error) {
    if (error instanceof TooComplexError) return false;
    throw error;
  }
}

function hasSyntaxLine(lines: readonly string[]): boolean {
  for (const text of lines) {
    const directive = DIRECTIVE.exec(text.trimStart())?.[1];
    if (directive === undefined) return false;
    if (directive.toLowerCase() === 'syntax') return true;
  }
  return false;
}
