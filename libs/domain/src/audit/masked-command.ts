const MASK = '***';
/** Longer arguments are cut, since a command can have many kilobytes. */
const MAX_LENGTH = 1_000;
const MAX_FLAG = 64;
/** The password of a URL (RFC 3986, section 3.2.1). Repetitions are bounded, so that matching takes linear time. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,1000}@/gi;
const SECRET_NAME = 'password|passwd|secret|token|api-?_?key|credential';
/** An assignment to a name that sounds like a secret, such as `PGPASSWORD=x` or `--api-key=x`. */
const ASSIGNED = new RegExp(`((?:${SECRET_NAME})[\\w-]{0,64}[=:])("[^"]*"|'[^']*'|[^\\s"'&;]+)`, 'gi');
/** A flag that takes a secret as the next argument. */
const FLAG = new RegExp(`^--?[\\w-]*(?:${SECRET_NAME})[\\w-]*$`, 'i');

/**
 * Masks what looks like a secret in the arguments of a command: passwords in URLs, and values of names and flags that
 * sound like secrets. A secret without such a sign stays, so commands should take secrets from variables.
 */
export function maskedCommand(command: readonly string[]): string[] {
  return command.map((argument, i) => (isSecretFlag(command[i - 1] ?? '') ? MASK : masked(argument)));
}

function masked(argument: string): string {
  const text = argument.replace(URL_PASSWORD, `$1${MASK}@`).replace(ASSIGNED, `$1${MASK}`);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function isSecretFlag(argument: string): boolean {
  return argument.length <= MAX_FLAG && FLAG.test(argument);
}
