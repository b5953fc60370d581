const MARK = /\[(?:skip (?:ci|nexos)|(?:ci|nexos) skip)\]/i;

/** Returns whether a commit message asks that its push is not deployed, with `[skip ci]`, `[ci skip]` or `[skip nexos]`. */
export function hasSkipMark(message: string | null): boolean {
  return message !== null && MARK.test(message);
}
