import { MAX_VARIABLES } from '@nexos/domain';
import { parse } from 'dotenv';
import { ApiError, type FieldError } from '../http/problems/api-error.js';
import { keyProblem, valueProblem } from './env-var-rules.js';

const MAX_LINES = 20_000;
/** Matches what may precede the name of a variable. */
const BEFORE_NAME = /^[^\S\n]*(?:export[^\S\n]+)?/;
const IGNORED = /^\s*(?:#|$)/;

interface EnvLine {
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

/**
 * Parses `.env` text as dotenv does, but rejects lines that dotenv would silently drop or overwrite. To find them, marks
 * every line before dotenv reads it, and looks for the marks in the result.
 *
 * @throws {ApiError} validation, naming lines as `lines.3`
 */
export function parseEnvText(text: string): { key: string; value: string }[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  // These also end a line in regular expressions.
  const separators = lines.flatMap((line, i) => (/[\u2028\u2029]/.test(line) ? [i + 1] : []));
  if (separators.length > 0)
    throw refused(separators.map((line) => problem(line, 'must not contain a line separator character')));
  if (lines.length > MAX_LINES) {
    throw refused([{ field: 'lines', message: `must be no more than ${MAX_LINES}` }]);
  }
  const { found, seen } = read(lines);
  const dropped = lines.flatMap((line, i) => (IGNORED.test(line) || seen.has(i + 1) ? [] : [i + 1]));
  const errors = [
    ...dropped.map((line) => problem(line, 'must be NAME=value, a comment, or part of a quoted value')),
    ...problemsOf(found),
  ];
  if (errors.length > 0) throw refused(errors);
  if (found.length === 0) throw refused([{ field: 'lines', message: 'must have at least one NAME=value' }]);
  if (found.length > MAX_VARIABLES) {
    throw refused([{ field: 'lines', message: `must have at most ${MAX_VARIABLES} variables` }]);
  }
  return found.map(({ key, value }) => ({ key, value }));
}

/** Returns the variables, and the numbers of the lines that they came from. */
function read(lines: readonly string[]): { found: EnvLine[]; seen: Set<number> } {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const mark = new RegExp(`${nonce}_(\\d+)\\.`, 'g');
  const marked = lines.map((line, i) =>
    IGNORED.test(line) && line.trim() !== '' ? line : line.replace(BEFORE_NAME, `$&${nonce}_${i + 1}.`),
  );
  const seen = new Set<number>();
  const found = Object.entries(parse(marked.join('\n'))).map(([name, text]) => {
    for (const [, line] of `${name}${text}`.matchAll(mark)) seen.add(Number(line));
    const line = Number(name.slice(nonce.length + 1, name.indexOf('.')));
    return { line, key: name.slice(name.indexOf('.') + 1), value: text.replaceAll(mark, '') };
  });
  return { found, seen };
}

function problemsOf(found: readonly EnvLine[]): FieldError[] {
  const first = new Map<string, number>();
  return found.flatMap(({ line, key, value }) => {
    const before = first.get(key);
    if (before === undefined) first.set(key, line);
    const keyMessage = keyProblem(key);
    if (keyMessage !== null) return [problem(line, `has an invalid name: it ${keyMessage}`)];
    if (before !== undefined) return [problem(line, `must not set the variable of line ${before} again`)];
    const valueMessage = valueProblem(value);
    return valueMessage === null ? [] : [problem(line, `has an invalid value: it ${valueMessage}`)];
  });
}

function problem(line: number, message: string): FieldError {
  return { field: `lines.${line}`, message };
}

function refused(errors: readonly FieldError[]): ApiError {
  return new ApiError(
    'validation',
    'Some lines of the .env text are invalid; see errors.',
    errors.slice(0, 100),
  );
}
