/** Text between white space and quotes. */
const WORD = /[^\s"'`]+/g;
/** A host with a port, and no user information before it. */
const HOST_AND_PORT = /^[^/?#:@]*:\d{0,5}(?:[/?#]|$)/;
/** Longer user names are taken for secrets. */
const MAX_USER = 64;

/**
 * Masks the passwords of URLs in a text (RFC 3986, section 3.2.1), and user names that are tokens: those without a password, and
 * all those of web addresses. A password may contain characters that should be encoded in it.
 */
export function withoutUserInfo(text: string, mask: string): string {
  return text.replaceAll(WORD, (word) => {
    const scheme = word.indexOf('://');
    if (scheme === -1) return word;
    const start = scheme + '://'.length;
    const rest = word.slice(start);
    const user = userInfoOf(rest);
    if (user === null) return word;
    const isWeb = /https?$/i.test(word.slice(Math.max(0, scheme - 5), scheme));
    const name = user.slice(0, Math.max(0, user.indexOf(':')));
    const isNameShown = !isWeb && name !== '' && name.length <= MAX_USER;
    return `${word.slice(0, start)}${isNameShown ? `${name}:` : ''}${mask}${rest.slice(user.length)}`;
  });
}

/** Returns the user information at the beginning of a URL without its scheme; null if it has none. */
function userInfoOf(rest: string): string | null {
  const end = rest.search(/[/?#]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  // A password can have any character, up to the last @. Without a password, only the host's part is looked at.
  const hasPassword = authority.includes(':') && !HOST_AND_PORT.test(rest);
  const at = (hasPassword ? rest : authority).lastIndexOf('@');
  return at === -1 ? null : rest.slice(0, at);
}
