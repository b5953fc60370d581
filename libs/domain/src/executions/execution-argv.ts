/** Whose image has the program that a command names. */
export type ExecutionImage = 'postgres' | 'redis' | 'app';

const PROGRAMS: Readonly<Record<string, ExecutionImage>> = {
  psql: 'postgres',
  pg_dump: 'postgres',
  pg_dumpall: 'postgres',
  pg_restore: 'postgres',
  pg_isready: 'postgres',
  pgbench: 'postgres',
  createdb: 'postgres',
  dropdb: 'postgres',
  vacuumdb: 'postgres',
  reindexdb: 'postgres',
  'redis-cli': 'redis',
};
const SHELLS: readonly string[] = ['sh', 'bash', 'dash', 'ash', 'zsh'];

/** `$NAME` or `${NAME}`; what follows a name without braces and could be part of it is part of it. */
const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * Puts arguments together from pieces, one word each: `=` and a text, `$` and a variable's name, and `.` after the last
 * piece of an argument. Then it becomes the program. Nothing but a name of letters, digits and underscores is ever
 * evaluated; a value is expanded once and not looked at again. Its own variables have names that no user's can have.
 */
const ASSEMBLE = `NEXOS_LEFT=$# NEXOS_ARGUMENT=
while [ "$NEXOS_LEFT" -gt 0 ]; do
  NEXOS_WORD=$1
  NEXOS_LEFT=$((NEXOS_LEFT - 1))
  shift
  case $NEXOS_WORD in
    =*) NEXOS_ARGUMENT=$NEXOS_ARGUMENT\${NEXOS_WORD#?} ;;
    .) set -- "$@" "$NEXOS_ARGUMENT"; NEXOS_ARGUMENT= ;;
    *)
      NEXOS_WORD=\${NEXOS_WORD#?}
      case $NEXOS_WORD in '' | [0-9]* | *[!A-Za-z0-9_]*) exit 126 ;; esac
      eval "NEXOS_ARGUMENT=\\$NEXOS_ARGUMENT\\\${$NEXOS_WORD}" ;;
  esac
done
exec "$@"`;

/** What a container is told to run. */
export interface ExecutionArgv {
  /** Without a value of any variable: it is shown to whoever may look at the container engine. */
  readonly argv: readonly string[];
  /** The image has to have `/bin/sh`. */
  readonly needsShell: boolean;
}

/** Which image a command runs in, by its program's name alone. */
export function executionImage(command: readonly string[]): ExecutionImage {
  const [program = ''] = command;
  return Object.hasOwn(PROGRAMS, program) ? (PROGRAMS[program] ?? 'app') : 'app';
}

/**
 * How a command is run whose arguments name environment variables: a shell in the container puts the values in. A
 * command without such names is run as it is, and so is a shell, which puts them in by itself.
 *
 * @param isKnown whether the environment has a variable of that name; other names stay as they are
 */
export function executionArgv(command: readonly string[], isKnown: (name: string) => boolean): ExecutionArgv {
  const arguments_ = command.map((argument) => piecesOf(argument, isKnown));
  const hasNames = arguments_.some((pieces) => pieces.some((piece) => piece.startsWith('$')));
  if (!hasNames || isShell(command[0] ?? '')) return { argv: command, needsShell: false };
  const words = arguments_.flatMap((pieces) => [...pieces, '.']);
  return { argv: ['/bin/sh', '-c', ASSEMBLE, 'sh', ...words], needsShell: true };
}

function isShell(program: string): boolean {
  return SHELLS.includes(program.slice(program.lastIndexOf('/') + 1));
}

function piecesOf(argument: string, isKnown: (name: string) => boolean): string[] {
  const pieces: string[] = [];
  let literal = '';
  let end = 0;
  for (const { 0: reference, 1: braced, 2: plain, index } of argument.matchAll(REFERENCE)) {
    const name = braced ?? plain ?? '';
    literal += argument.slice(end, index);
    end = index + reference.length;
    if (!isKnown(name)) {
      literal += reference;
      continue;
    }
    if (literal !== '') pieces.push(`=${literal}`);
    literal = '';
    pieces.push(`$${name}`);
  }
  literal += argument.slice(end);
  if (literal !== '') pieces.push(`=${literal}`);
  return pieces;
}
