// git's batch commands read one path a line.
const CONTROL = /[\u0000-\u001f\u007f]/;
const LONGEST = 4096;

/** A path that does not stay inside the repository. */
export class PathOutsideRepositoryError extends Error {
  constructor() {
    super('A path is relative to the repository, stays inside it and holds no control characters.');
    this.name = 'PathOutsideRepositoryError';
  }
}

/**
 * Writes a path of a repository in one way: `./apps//web/` becomes `apps/web`, and the root the empty string.
 *
 * @throws {PathOutsideRepositoryError} when it is absolute, climbs with `..`, or could not be a line of text
 */
export function normalizeRepositoryPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || CONTROL.test(path) || path.length > LONGEST) {
    throw new PathOutsideRepositoryError();
  }
  return parts.join('/');
}
