import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionArgv, executionImage } from './execution-argv.js';

const VALUES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://name:pass@postgres:5432/name',
  SPACES: ' two  words ',
  LINES: 'one\ntwo\n',
  SHELL_CODE: '$(echo run) `echo run` "; echo run; \' \\ * ~',
  REFERENCE: '$SPACES ${SPACES}',
  EMPTY: '',
  NUMBER: '7',
  name: 'a lower-case name',
  arg: 'kept',
};
const PRINTER = ['node', '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--'];

/** Returns the arguments that a program receives when it runs as a container would run it. */
function received(...given: string[]): string[] {
  const { argv } = executionArgv([...PRINTER, ...given], (name) => Object.hasOwn(VALUES, name));
  const [program = '', ...rest] = argv;
  const env = { PATH: process.env.PATH, ...VALUES };
  return JSON.parse(execFileSync(program, rest, { env, encoding: 'utf8' })) as string[];
}

function expected(argument: string): string {
  return argument.replace(
    /\$\{(\w+)\}|\$([A-Za-z_]\w*)/g,
    (whole, braced?: string, plain?: string) => VALUES[braced ?? plain ?? ''] ?? whole,
  );
}

describe('executionArgv', () => {
  it.each<[string, string]>([
    ['$DATABASE_URL', VALUES.DATABASE_URL ?? ''],
    ['--url=${DATABASE_URL}?x=$NUMBER', `--url=${VALUES.DATABASE_URL ?? ''}?x=7`],
    ['$NUMBER$NUMBER', '77'],
    ['${NUMBER}7', '77'],
    ['$NUMBER7', '$NUMBER7'],
    ['$SPACES', ' two  words '],
    ['$LINES', 'one\ntwo\n'],
    ['$SHELL_CODE', VALUES.SHELL_CODE ?? ''],
    ['$REFERENCE', '$SPACES ${SPACES}'],
    ['$EMPTY', ''],
    ['$name', 'a lower-case name'],
    ['$arg', 'kept'],
    ['$NEXOS_LEFT $PATH $HOME', '$NEXOS_LEFT $PATH $HOME'],
    ['$$ $1 $ ${ ${} ${1} $(NUMBER) `x`', '$$ $1 $ ${ ${} ${1} $(NUMBER) `x`'],
    ['${NUMBER:-x} ${NUMBER#7}', '${NUMBER:-x} ${NUMBER#7}'],
    ['$body$ select 1 $body$', '$body$ select 1 $body$'],
  ])('passes %s to the program as %j', (given, value) => {
    expect(received(given)).toEqual([value]);
  });

  it('keeps the number of arguments, empty arguments and arguments that look like its own markers', () => {
    const given = ['', '$EMPTY', '.', '=x', '$NUMBER', '-n', '--', 'a\nb', 'ü🚀'];
    expect(received(...given)).toEqual(['', '', '.', '=x', '7', '-n', '--', 'a\nb', 'ü🚀']);
  });

  it('keeps values out of the argument list and lets a shell in the container insert them', () => {
    const { argv, needsShell } = executionArgv(['psql', '$DATABASE_URL'], () => true);
    expect(needsShell).toBe(true);
    expect(argv.slice(0, 2)).toEqual(['/bin/sh', '-c']);
    expect(argv.slice(3)).toEqual(['sh', '=psql', '.', '$DATABASE_URL', '.']);
  });

  it.each([
    [['psql', '-c', 'select $1']],
    [['node', '-e', '`${x}` $UNKNOWN']],
    [['sh', '-c', 'echo $NUMBER']],
    [['/usr/bin/bash', '-c', 'echo $NUMBER']],
  ])('runs %j unchanged, without an extra shell', (command) => {
    expect(executionArgv(command, (name) => Object.hasOwn(VALUES, name))).toEqual({
      argv: command,
      needsShell: false,
    });
  });

  it('replaces known variables and nothing else in any argument', () => {
    const pieces = fc.constantFrom(
      ...[
        '$NUMBER',
        '${SPACES}',
        '$SHELL_CODE',
        '$',
        '${',
        '}',
        '"',
        "'",
        '\\',
        ' ',
        '\n',
        ';',
        '`',
        '(',
        ')',
      ],
      ...['x', '=', '.', '*', 'é', '_', '1'],
    );
    const argument = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 4 }), (given) => {
        expect(received(...given)).toEqual(given.map(expected));
      }),
      { numRuns: 40 },
    );
  });
});

describe('executionImage', () => {
  it.each([
    ['psql', 'postgres'],
    ['pg_dump', 'postgres'],
    ['createdb', 'postgres'],
    ['redis-cli', 'redis'],
    ['node', 'app'],
    ['/usr/bin/psql', 'app'],
    ['constructor', 'app'],
    ['', 'app'],
  ])('runs %j in the image of %s', (program, image) => {
    expect(executionImage([program])).toBe(image);
  });
});
