/** Flags that Dockerfile versions after 1.2 brought: https://docs.docker.com/reference/dockerfile/ */
const FLAGS = [
  'link',
  'parents',
  'exclude',
  'checksum',
  'keep-git-dir',
  'unpack',
  'network',
  'security',
  'device',
  'chmod',
  'start-interval',
];
const UNKNOWN_FLAG = new RegExp(`unknown flag: (?:--)?(?:${FLAGS.join('|')})\\b`, 'i');
/** Other errors that older versions report for syntax of newer ones. */
const OTHER_ERRORS =
  /unexpected key '(?:env|exclude|checksum|size)' in|unsupported mount type|unsupported modifier|missing ':' in substitution|invalid chmod parameter|ARG requires exactly one argument/i;
const UNKNOWN_INSTRUCTION = /unknown instruction/i;
/** For one line at a time: across lines, blank ones would take quadratic time. */
const HEREDOC = /^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s.*<<-?[ \t]*["']?[A-Za-z_]/i;
/** The end of a line that the next one continues. */
const CONTINUATION = /\\[ \t\r]*\n/g;
/** BuildKit reads directives only above the first line that is none. */
const DIRECTIVE = /^(?:#|\/\/)\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*\S/;

/**
 * Returns whether an engine rejects a Dockerfile for syntax that newer versions know, which a `# syntax=` line would
 * bring. False if the Dockerfile has such a line where it has an effect.
 *
 * @param error the engine's
 * @param line where the error is
 */
export function isNewerSyntax(dockerfile: string, error: string, line: number | null): boolean {
  const lines = dockerfile.replace(/^\uFEFF/, '').split('\n');
  if (hasSyntaxLine(lines)) return false;
  if (UNKNOWN_FLAG.test(error) || OTHER_ERRORS.test(error)) return true;
  // Without here-documents, their lines are read as instructions.
  if (!UNKNOWN_INSTRUCTION.test(error)) return false;
  const before = lines
    .slice(0, line ?? 0)
    .join('\n')
    .replaceAll(CONTINUATION, ' ')
    .split('\n');
  return before.some((text) => HEREDOC.test(text));
}

function hasSyntaxLine(lines: readonly string[]): boolean {
  for (const text of lines) {
    const directive = DIRECTIVE.exec(text.trimStart())?.[1];
    if (directive === undefined) return false;
    if (directive.toLowerCase() === 'syntax') return true;
  }
  return false;
}
