import { TOLD_AT_MOST, refused, type FieldError } from './problems/api-error.js';

const MAX_DEPTH = 32;
/** NUL, and halves of a surrogate pair: neither has a place in PostgreSQL's text. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Checks what no field of any body may hold, before anything looks at it.
 *
 * @throws {ApiError} validation, which names the fields by their paths
 */
export function checkJson(body: unknown): void {
  const errors: FieldError[] = [];
  for (const fault of faultsIn(body, '', 0)) {
    if (errors.push(fault) === TOLD_AT_MOST) break;
  }
  if (errors.length > 0) throw refused(errors);
}

function* faultsIn(value: unknown, path: string, depth: number): Generator<FieldError> {
  if (typeof value === 'string') yield* faultsInText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) {
    yield { field: path, message: `is nested more than ${MAX_DEPTH} levels deep` };
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    yield* faultsInText(key, field);
    yield* faultsIn(child, field, depth + 1);
  }
}

function* faultsInText(text: string, path: string): Generator<FieldError> {
  if (!UNSTORABLE.test(text)) return;
  yield { field: path === '' ? 'body' : path, message: 'must not hold NUL or half of a surrogate pair' };
}
