import { ApiError, type FieldError } from '../problems/api-error.js';

const MAX_DEPTH = 32;
/** NUL, and halves of a surrogate pair: neither has a place in PostgreSQL's text. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Checks what no field of any body may hold, before anything looks at it.
 *
 * @throws {ApiError} validation, which names the field by its path
 */
export function checkJson(body: unknown): void {
  const error = faultIn(body, '', 0);
  if (error !== null) {
    throw new ApiError('validation', 'Some fields were refused; see errors.', [error]);
  }
}

function faultIn(value: unknown, path: string, depth: number): FieldError | null {
  if (typeof value === 'string') return faultInText(value, path);
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) return { field: path, message: `is nested more than ${MAX_DEPTH} levels deep` };
  for (const [key, child] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    const error = faultInText(key, field) ?? faultIn(child, field, depth + 1);
    if (error !== null) return error;
  }
  return null;
}

function faultInText(text: string, path: string): FieldError | null {
  if (!UNSTORABLE.test(text)) return null;
  return { field: path === '' ? 'body' : path, message: 'must not hold NUL or half of a surrogate pair' };
}
