/*
 * Rules that several settings share, wherever they are given. Messages complete a sentence that begins with the
 * setting's name.
 */

/** Relative, without `..` steps, back slashes, control characters or halves of characters. */
export const PATH_IN_REPOSITORY = {
  kind: 'text',
  pattern: /^(?!\/)(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\\p{Cc}\p{Cs}]+$/u,
  rule: 'must be a path inside of the repository, relative to its root',
  longest: 255,
} as const;

/** A path and a query; a fragment is never sent. Two slashes at the beginning would name a host, and dots climb. */
export const URL_PATH = {
  kind: 'text',
  pattern: /^(?!\/\/)(?![^?]*\/\.{1,2}(?:[/?]|$))\/[\x21\x22\x24-\x7e]*$/,
  rule: 'must be a path such as /health: no //, . or .. steps, spaces or #',
  longest: 255,
} as const;
