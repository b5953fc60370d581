import { withoutUserInfo } from './without-user-info.js';

const MASK = '***';
const MAX_FLAG = 64;
/** What a name contains that sounds like a secret. */
const SECRET_NAME =
  'pass|pwd|secret|token|credential|signature|cookie|jwt|auth(?!or(?!i[sz]))|(?:api|private|access|secret|encryption|signing|account|master)[-_]?key';
/** A name that sounds like a secret, or ends with `key`. Repetitions are bounded, so that matching takes linear time. */
const NAMED = `(?:(?:${SECRET_NAME})[\\w.-]{0,64}|key(?:[-_]?id)?)`;
/** A text in quotes, which a command for a shell may have to escape. */
const QUOTED = String.raw`\\?"(?:\\[^"]|[^"\\])*(?:\\?"|$)|'[^']*(?:'|$)`;
/** Quoted and bare parts without a space between them, as a shell joins them. */
const VALUE = String.raw`(?:${QUOTED}|[^\s"'])+`;

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Headers, to the end of their quotes.
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{0,32}(?:token|key|auth|secret))(\s{0,4}:\s{0,4})[^"'\r\n]+/gi,
    `$1$2${MASK}`,
  ],
  [/\b(bearer|basic)\s{1,4}[^\s"']+/gi, `$1 ${MASK}`],
  // Private keys in PEM (RFC 7468).
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,32}-----)?/g, MASK],
  // Prefixes of keys, also of Nexos's own; and JSON Web Tokens.
  [
    /\b(nxs_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|xapp-|whsec_|[sr]k_(?:live|test)_|sk-|npm_|pypi-|dop_v1_|hf_|shp[a-z]{2}_|SG\.|AKIA|ASIA|AIza)[\w./+=-]{6,}/g,
    `$1${MASK}`,
  ],
  [/\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g, MASK],
  // Addresses that are secrets themselves.
  [
    /(\b(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/)[^\s"']+/gi,
    `$1${MASK}`,
  ],
  [/(\bapi\.telegram\.org\/bot)[^\s"'/]+/gi, `$1${MASK}`],
  // Parameters of URLs.
  [new RegExp(String.raw`([?&](?:[\w.%-]{0,64}[-_.])?(?:sig|${NAMED})=)[^\s"'&#]+`, 'gi'), `$1${MASK}`],
  // Fields: {"password": "x"}.
  [
    new RegExp(String.raw`(${NAMED}\\?["']\s{0,4}(?:=>|[=:])\s{0,4})(?:${QUOTED}|[^\s"',}]+)`, 'gi'),
    `$1${MASK}`,
  ],
  // Assignments: PASSWORD=x, --token=x, password: x.
  [new RegExp(String.raw`(${NAMED}\s{0,4}(?:=>|[=:])\s{0,4})(?!\*\*\*)${VALUE}`, 'gi'), `$1${MASK}`],
  // Flags and SQL: --password x, PASSWORD 'x', IDENTIFIED BY 'x'.
  [new RegExp(String.raw`(\B--?(?:[\w-]{0,64}-)?${NAMED}\s{1,4})(?!\*\*\*)${VALUE}`, 'gi'), `$1${MASK}`],
  [new RegExp(String.raw`(${NAMED}\s{1,4})(?:${QUOTED})`, 'gi'), `$1${MASK}`],
  [
    new RegExp(String.raw`(\bidentified\b[^'"]{0,64}\bby\s{1,4})(?!\*\*\*)(?:${QUOTED}|[^\s"']+)`, 'gi'),
    `$1${MASK}`,
  ],
];

/** Flags of one letter with a secret, of programs that have them. */
const SHORT_FLAGS: readonly (readonly [program: RegExp, flag: RegExp])[] = [
  [/\b(?:mysql|mariadb)/i, /(^|\s)(-p)([^\s]+)/g],
  [/\bsshpass\b/i, /(^|\s)(-p\s{0,4})([^\s]+)/g],
  [/\bredis-cli\b/i, /(^|\s)(-a\s{0,4})([^\s]+)/g],
  [
    /\b(?:curl|wget|http|https|ab)\b/i,
    /(^|\s)((?:-u|--user|--proxy-user|-U)[\s=]{0,4}[^\s:]{0,200}:)([^\s]+)/g,
  ],
];
/** A flag that takes a secret as the next argument. */
const FLAG = new RegExp(`^--?(?:[\\w-]*-)?${NAMED}$`, 'i');

/**
 * Masks what looks like a secret in the arguments of a command: user information in URLs, known forms of keys, headers
 * that authenticate, and values of names and flags that sound like secrets. A secret without such a sign stays, so commands
 * should take secrets from variables.
 */
export function maskedCommand(command: readonly string[]): string[] {
  const programs = command.map((argument) => argument.slice(0, 4_096)).join(' ');
  const short = SHORT_FLAGS.filter(([program]) => program.test(programs)).map(([, flag]) => flag);
  return command.map((argument, i) => {
    const before = command[i - 1] ?? '';
    if (isSecretFlag(before)) return MASK;
    return masked(argument, before, short);
  });
}

function masked(argument: string, before: string, short: readonly RegExp[]): string {
  const text = RULES.reduce(
    (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
    withoutUserInfo(argument, MASK),
  );
  // The flag before is part of the match, but not of the result.
  const flag = /^-\w$|^--(?:proxy-)?user$/.test(before) ? `${before} ` : '';
  const shortened = short.reduce((rest, pattern) => rest.replace(pattern, `$1$2${MASK}`), flag + text);
  return shortened.slice(flag.length);
}

function isSecretFlag(argument: string): boolean {
  return argument.length <= MAX_FLAG && FLAG.test(argument);
}
