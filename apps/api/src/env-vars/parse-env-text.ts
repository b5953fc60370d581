import { MAX_VARIABLES } from '@nexos/domain';
import { parse } from 'dotenv';
import { ApiError, type FieldError } from '../http/problems/api-error.js';
import { keyProblem, valueProblem } from './env-var-rules.js';

const MAX_LINES = 20_000;
/** What stands before the name of a variable. */
const BEFORE_NAME = /^[^\S\n]*(?:export[^\S\n]+)?/;
const IGNORED = /^\s*(?:#|$)/;

interface EnvLine {
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

/**
 * Reads `.env` text as dotenv does. What dotenv would drop without a word, or overwrite, is refused with its line: to
 * know it, every line is marked before dotenv reads it, and the marks are looked for in what it found.
 *
 * @throws {ApiError} validation, naming lines as `lines.3`
 */
export function parseEnvText(text: string): { key: string; value: string }[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  // In a regular expression these end a line as well.
  const separators = lines.flatMap((line, i) => (/[\u2028\u2029]/.test(line) ? [i + 1] : []));
  if (separators.length > 0)
    throw refused(separators.map((line) => problem(line, 'must not hold a line separator character')));
  if (lines.length > MAX_LINES) {
    throw refused([{ field: 'lines', message: `must be at most ${MAX_LINES}` }]);
  }
  const { found, seen } = read(lines);
  const dropped = lines.flatMap((line, i) => (IGNORED.test(line) || seen.has(i + 1) ? [] : [i + 1]));
  const errors = [
    ...dropped.map((line) => problem(line, 'must be NAME=value, a comment, or part of a quoted value')),
    ...problemsOf(found),
  ];
  if (errors.length > 0) throw refused(errors);
  if (found.length === 0) throw refused([{ field: 'lines', message: 'must hold NAME=value' }]);
  if (found.length > MAX_VARIABLES) {
    throw refused([{ field: 'lines', message: `must hold at most ${MAX_VARIABLES} variables` }]);
  }
  return found.map(({ key, value }) => ({ key, value }));
}

/** The variables, and the lines that had a part in them. */
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
    const wrongKey = keyProblem(key);
    if (wrongKey !== null) return [problem(line, `has a name that ${wrongKey}`)];
    if (before !== undefined) return [problem(line, `must not name the variable of line ${before} again`)];
    const wrongValue = valueProblem(value);
    return wrongValue === null ? [] : [problem(line, `has a value that ${wrongValue}`)];
  });
}

function problem(line: number, message: string): FieldError {
  return { field: `lines.${line}`, message };
}

function refused(errors: readonly FieldError[]): ApiError {
  return new ApiError('validation', 'The .env text was refused; see errors.', errors.slice(0, 100));
}
