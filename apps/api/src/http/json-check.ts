import { MAX_REPORTED_FIELDS, refused, type FieldError } from './problems/api-error.js';

const MAX_DEPTH = 32;
/** NUL and lone surrogates, which PostgreSQL's text cannot hold. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Rejects values that no field of any body may hold. Runs before anything else reads the body.
 *
 * @throws {ApiError} validation, naming the fields by their paths
 */
export function checkJson(body: unknown): void {
  const errors: FieldError[] = [];
  for (const fault of faultsIn(body, '', 0)) {
    if (errors.push(fault) === MAX_REPORTED_FIELDS) break;
  }
  if (errors.length > 0) throw refused(errors);
}

function* faultsIn(value: unknown, path: string, depth: number): Generator<FieldError> {
  if (typeof value === 'string') yield* faultsInText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) {
    yield { field: path, message: `must not be nested more than ${MAX_DEPTH} levels deep` };
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
  yield { field: path === '' ? 'body' : path, message: 'must not contain NUL or a lone surrogate' };
}
