const LONGEST = 255;
// What git refuses anywhere in a ref: control characters, space, ~ ^ : ? * [ \, "..", "@{".
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/;

/**
 * Returns whether git accepts the text as the name of a branch or tag (without `refs/heads/`) of at most 255 bytes. A
 * name may begin with a dash, so only ever pass it to git after `refs/heads/`.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(text: string): boolean {
  if (text === '' || Buffer.byteLength(text) > LONGEST || FORBIDDEN.test(text) || text.endsWith('.')) {
    return false;
  }
  return text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
