// git's batch commands read one path per line.
const CONTROL = /[\u0000-\u001f\u007f]/;
const LONGEST = 4096;

/** The path leaves the repository. */
export class PathOutsideRepositoryError extends Error {
  constructor() {
    super('The path must be relative, stay inside the repository and contain no control characters.');
    this.name = 'PathOutsideRepositoryError';
  }
}

/**
 * Normalizes a path in a repository: `./apps//web/` becomes `apps/web`, and the root becomes the empty string.
 *
 * @throws {PathOutsideRepositoryError} when it is absolute, contains `..` or a control character, or is too long
 */
export function normalizeRepositoryPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || CONTROL.test(path) || path.length > LONGEST) {
    throw new PathOutsideRepositoryError();
  }
  return parts.join('/');
}
