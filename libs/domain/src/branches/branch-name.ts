const LONGEST = 255;
// What git refuses anywhere in a ref: control characters, space, ~ ^ : ? * [ \, "..", "@{".
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/;

/**
 * Whether git accepts the text as a branch's or a tag's name (without `refs/heads/`), at most 255 bytes long. A
 * name may begin with a dash, so it is only ever used behind `refs/heads/`.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(text: string): boolean {
  if (text === '' || Buffer.byteLength(text) > LONGEST || FORBIDDEN.test(text) || text.endsWith('.')) {
    return false;
  }
  return text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
