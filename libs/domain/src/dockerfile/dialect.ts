import { trimStart } from './go-text.js';

/**
 * One way in which a version of BuildKit reads a Dockerfile. The engine decides which version applies, and a `# syntax=`
 * line can name another one, so a Dockerfile is checked in each way that makes a difference to it.
 */
export interface Dialect {
  readonly escape: string;
  /** The escape character among an instruction's flags; old versions know only the backslash there. */
  readonly flagEscape: string;
  /** Which here-documents exist: none before Dockerfile 1.4, and first only without a space after `<<`. */
  readonly heredocs: 'none' | 'without-space' | 'all';
  /** Whether only one carriage return at the end of a line is ignored. */
  readonly oneReturn: boolean;
  /** Whether an ARG instruction's later values see its earlier ones. */
  readonly argsInOrder: boolean;
  readonly architecture: string;
}

/** Lists the dialects in which this Dockerfile may have different meanings. */
export function dialectsOf(text: string): Dialect[] {
  const escapes = hasBacktickEscape(text) ? ['\\', '`'] : ['\\'];
  const heredocs = text.includes('<<') ? (['none', 'without-space', 'all'] as const) : (['none'] as const);
  const returns = text.includes('\r\r') ? [true, false] : [false];
  const orders = text.includes('$') ? [true, false] : [true];
  const architectures = /(?:TARGET|BUILD)(?:ARCH|PLATFORM)/.test(text) ? ['amd64', 'arm64'] : ['amd64'];
  const dialects: Dialect[] = [];
  for (const escape of escapes)
    for (const flagEscape of new Set(['\\', escape]))
      for (const heredoc of heredocs)
        for (const oneReturn of returns)
          for (const argsInOrder of orders)
            for (const architecture of architectures)
              dialects.push({ escape, flagEscape, heredocs: heredoc, oneReturn, argsInOrder, architecture });
  return dialects;
}

/** Versions differ in which comments may stand above the directive, so it counts wherever it stands. */
function hasBacktickEscape(text: string): boolean {
  return text.split('\n').some((line) => {
    const comment = trimStart(line.replace(/^\uFEFF/, ''));
    return comment.startsWith('#') && /^escape\s*=\s*`/i.test(trimStart(comment.slice(1)));
  });
}
