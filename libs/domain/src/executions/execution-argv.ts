/** The image to run a command in. */
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

/** `$NAME` or `${NAME}`; without braces a name extends as far as possible. */
const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * Assembles arguments from pieces, one word each: `=` and literal text, `$` and a variable name, and `.` after the last
 * piece of an argument. Then it executes the program. Only names of letters, digits and underscores are ever evaluated;
 * a value is expanded once and never evaluated. Its own variables have names that users cannot set.
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

/** The command line of a container. */
export interface ExecutionArgv {
  /** Contains no value of a variable, because everybody with access to the container engine can read it. */
  readonly argv: readonly string[];
  /** The image must have `/bin/sh`. */
  readonly needsShell: boolean;
}

/** Returns the image for a command, by the name of its program alone. */
export function executionImage(command: readonly string[]): ExecutionImage {
  const [program = ''] = command;
  return Object.hasOwn(PROGRAMS, program) ? (PROGRAMS[program] ?? 'app') : 'app';
}

/** A program that only the image of a service has, and that service, which the version does not have. */
export interface MissingService {
  readonly program: string;
  readonly kind: 'postgres' | 'redis';
}

/** Returns the service that a command's program belongs to if the version does not have it. */
export function missingService(
  command: readonly string[],
  services: Readonly<Record<MissingService['kind'], unknown>>,
): MissingService | null {
  const kind = executionImage(command);
  return kind === 'app' || services[kind] !== false ? null : { program: command[0] ?? '', kind };
}

/**
 * Builds the command line for a command whose arguments name environment variables: a shell in the container inserts
 * the values. A command without such names runs unchanged, and so does a shell, which expands them itself.
 *
 * @param isKnown whether the environment has a variable of that name; unknown names stay as they are
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
