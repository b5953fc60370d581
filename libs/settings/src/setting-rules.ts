/*
 * Rules shared by several settings, in the API and in `nexos.yaml`. Messages complete a sentence that begins with the
 * setting's name.
 */

/** A relative path without `..` segments, backslashes, control characters or lone surrogates. */
export const PATH_IN_REPOSITORY = {
  kind: 'text',
  pattern: /^(?!\/)(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\\p{Cc}\p{Cs}]+$/u,
  rule: 'must be a path inside the repository, relative to its root',
  longest: 255,
} as const;

/** A path with an optional query. A fragment is never sent, a leading `//` would name a host, and dots would climb. */
export const URL_PATH = {
  kind: 'text',
  pattern: /^(?!\/\/)(?![^?]*\/\.{1,2}(?:[/?]|$))\/[\x21\x22\x24-\x7e]*$/,
  rule: 'must be a path such as /health, without //, . or .. segments, spaces or #',
  longest: 255,
} as const;
