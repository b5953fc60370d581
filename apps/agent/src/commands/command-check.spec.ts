import { type CommandProblem } from '@nexos/domain';
import { type ContainerFile } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { checkCommand } from './command-check.js';
import { elfInterpreter } from './elf-interpreter.js';

/** The beginning of a 64-bit program that needs a loader, as on x86-64; null: it needs none. */
function elf(loader: string | null): Buffer {
  const head = Buffer.alloc(512);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(head);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(2, 56);
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(loader === null ? 1 : 3, 120);
  head.writeBigUInt64LE(300n, 128);
  head.writeBigUInt64LE(BigInt((loader ?? '').length + 1), 152);
  head.write(loader ?? '', 300, 'latin1');
  return head;
}
const program = elf(null);
const LINUX: Record<string, Buffer | string> = {
  '/bin/sh': program,
  '/bin/bash': program,
  '/usr/bin/env': program,
  '/usr/bin/node': program,
  '/usr/bin/tini': program,
};

async function check(
  argv: readonly string[],
  files: Readonly<Record<string, Buffer | string | { text: string; isExecutable: false }>> = {},
  { code = 127, lines = [] as string[], hasInit = true, image = LINUX } = {},
): Promise<CommandProblem | null> {
  const all = { ...image, ...files };
  const find = (path: string): Promise<ContainerFile | null> => {
    const file = all[path];
    if (file === undefined) return Promise.resolve(null);
    const content = typeof file === 'string' || Buffer.isBuffer(file) ? file : file.text;
    return Promise.resolve({ isRegular: true, isExecutable: content === file, head: Buffer.from(content) });
  };
  const command = { argv, workingDir: '/app', path: '/usr/bin:/bin', hasInit };
  return checkCommand(command, find, { code, lines });
}

describe('checkCommand', () => {
  it.each<[string, readonly string[], Parameters<typeof check>[1], CommandProblem]>([
    [
      'its first line',
      ['./start.sh'],
      { '/app/start.sh': '#!/bin/sh\r\nexec node x\r\n' },
      { kind: 'crlf', file: './start.sh', interpreter: null },
    ],
    [
      'the lines that env reads',
      ['/app/start.sh'],
      { '/app/start.sh': '#!/usr/bin/env bash\r\nnode x\r\n' },
      { kind: 'crlf', file: '/app/start.sh', interpreter: null },
    ],
    [
      'later lines',
      ['./start.sh'],
      { '/app/start.sh': '#!/bin/sh\nnode x\r\n' },
      { kind: 'crlf', file: './start.sh', interpreter: null },
    ],
    [
      'a script given to a shell',
      ['sh', '-e', 'start.sh', '-v'],
      { '/app/start.sh': 'set -e\r\nnode x\r\n' },
      { kind: 'crlf', file: 'start.sh', interpreter: null },
    ],
    [
      'a script in a line for a shell',
      ['/bin/sh', '-c', 'NODE_ENV=production exec ./start.sh --fast'],
      { '/app/start.sh': '#!/bin/sh\r\n' },
      { kind: 'crlf', file: './start.sh', interpreter: null },
    ],
    [
      'a script that an entrypoint runs',
      ['docker-entrypoint.sh', './start.sh'],
      { '/usr/bin/docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n', '/app/start.sh': '#!/bin/sh\r\n' },
      { kind: 'crlf', file: './start.sh', interpreter: null },
    ],
    [
      'a script that an init runs',
      ['tini', '-g', '--', '/app/start.sh'],
      { '/app/start.sh': '#!/bin/sh\r\n' },
      { kind: 'crlf', file: '/app/start.sh', interpreter: null },
    ],
  ])('finds CRLF in %s', async (_what, argv, files, problem) => {
    expect(await check(argv, files)).toEqual(problem);
  });

  it.each<[string, readonly string[], Parameters<typeof check>[1], string]>([
    ['of a script', ['./start.sh'], { '/app/start.sh': '#!/bin/zsh -e\n' }, '/bin/zsh'],
    ['that env looks for', ['./start.sh'], { '/app/start.sh': '#!/usr/bin/env -S python3 -u\n' }, 'python3'],
    [
      'of a program',
      ['/app/server'],
      { '/app/server': elf('/lib/ld-musl-x86_64.so.1') },
      '/lib/ld-musl-x86_64.so.1',
    ],
  ])('finds that the interpreter %s is missing', async (_what, argv, files, interpreter) => {
    expect(await check(argv, files)).toEqual({ kind: 'interpreter-missing', file: argv[0], interpreter });
  });

  it('finds a file that nobody may execute', async () => {
    const files = { '/app/start.sh': { text: '#!/bin/sh\n', isExecutable: false as const } };
    expect(await check(['./start.sh'], files, { code: 126 })).toMatchObject({ kind: 'not-executable' });
    expect(await check(['sh', '-c', './start.sh'], files, { code: 126 })).toMatchObject({
      kind: 'not-executable',
    });
    expect(await check(['sh', 'start.sh'], files, { code: 1 }), 'a shell only reads it').toBeNull();
  });

  it.each([
    [['/no/such']],
    [['nothing']],
    [['sh', '-c', 'nothing --x']],
    [['sh', 'none.sh']],
    [['env', 'A=b', 'nothing']],
  ])('finds that %j does not exist', async (argv) => {
    expect(await check(argv)).toMatchObject({ kind: 'not-found' });
  });

  it('finds that the image lacks the shell of the command', async () => {
    const image = { '/server': program };
    const options = { image };
    expect(await check(['/bin/sh', '-c', '/server'], {}, options)).toEqual({
      kind: 'shell-missing',
      file: '/bin/sh',
      interpreter: null,
    });
    expect(await check(['/server'], {}, options)).toBeNull();
  });

  it.each([
    ['s6-overlay-suexec: fatal: can only run as pid 1'],
    ['runit: fatal: must be run as process no. 1.'],
    ['init: must be run as PID 1'],
    ["System has not been booted with systemd as init system (PID 1). Can't operate."],
    ['error: this program needs to be PID 1'],
    ['pid must be 1'],
    ['PID is not 1'],
    ['PID 1 required'],
    ['expected PID 1, got 7'],
    ['run me as PID 1'],
    ['this program has to be pid 1'],
    ['refusing to run: pid 7 != 1'],
    ['must be process #1'],
    ['must be init (pid: 1)'],
  ])('finds that it must be process 1, because it says "%s"', async (said) => {
    const files = { '/init': '#!/bin/sh\n' };
    const options = { code: 100, lines: ['starting', said] };
    expect(await check(['/init'], files, options)).toEqual({
      kind: 'needs-process-1',
      file: '/init',
      interpreter: null,
    });
    expect(await check(['/init'], files, { ...options, hasInit: false })).toBeNull();
  });

  it('finds that it must be process 1, because it asks for its number without a word', async () => {
    expect(
      await check(['/init'], { '/init': '#!/bin/sh\n[ "$$" -eq 1 ] || exit 100\n' }, { code: 100 }),
    ).toMatchObject({
      kind: 'needs-process-1',
    });
    expect(await check(['/sbin/init'], { '/sbin/init': program }, { code: 1 })).toMatchObject({
      kind: 'needs-process-1',
    });
    for (const condition of [
      '[ 1 -eq $$ ]',
      'case $$ in 1) true ;; *) false ;; esac',
      '[ "x$$" = x1 ]',
      '[ "${$}" = 1 ]',
      '[ $BASHPID == 1 ]',
    ]) {
      expect(
        await check(['/init'], { '/init': `#!/bin/bash\n${condition} || exit 100\n` }, { code: 100 }),
      ).toMatchObject({ kind: 'needs-process-1', file: '/init' });
    }
    const node = { '/app/init.js': 'if (process.pid !== 1) process.exit(100);' };
    expect(await check(['node', '--enable-source-maps', 'init.js'], node, { code: 100 })).toMatchObject({
      kind: 'needs-process-1',
    });
    const script = { '/init': '#!/bin/sh\n[ $$ = 1 ] || exit 100\n' };
    for (const argv of [
      ['sh', '/init'],
      ['/bin/sh', '-c', 'exec /init run'],
    ]) {
      expect(await check(argv, script, { code: 100 })).toMatchObject({
        kind: 'needs-process-1',
        file: '/init',
      });
    }
  });

  it.each([
    [['/app/server'], '[FATAL tini (7)] exec /app/server failed: Exec format error'],
    [['sh', '-c', 'exec /app/server --port 1'], 'sh: 1: exec: /app/server: Exec format error'],
    [['/app/server'], 'exec /app/server: exec format error'],
  ])('finds that the kernel cannot run the file of %j', async (argv, said) => {
    const problem = { kind: 'wrong-format', file: '/app/server', interpreter: null };
    expect(await check(argv, { '/app/server': 'node x.js\n' }, { code: 126, lines: [said] })).toEqual(
      problem,
    );
    const options = { code: 126, lines: [said], hasInit: false };
    expect(await check(argv, { '/app/server': program }, options)).toEqual(problem);
  });

  it.each<[string, readonly string[], Parameters<typeof check>[1], object]>([
    ['a program that fails', ['node', 'x.js'], { '/app/x.js': 'process.exit(1)\r\n' }, { code: 1 }],
    [
      'a script of Node.js with CRLF',
      ['node', 'x.js'],
      { '/app/x.js': '#!/usr/bin/env node\r\n' },
      { code: 1 },
    ],
    ['a line that begins in the shell', ['sh', '-c', 'cd /app && nothing'], {}, { code: 127 }],
    ['a word that only looks like a command', ['sh', '-c', 'fly'], {}, { code: 1 }],
    [
      'a loop of scripts',
      ['./a.sh', './a.sh', './a.sh', './a.sh', './a.sh', './a.sh'],
      { '/app/a.sh': '#!/bin/sh\n' },
      {},
    ],
    [
      'a log line about another process',
      ['node'],
      {},
      { code: 1, lines: ['worker with pid 12 exited', 'pid 1 is up'] },
    ],
    ['a loader that is there', ['/s'], { '/s': elf('/lib/ld.so'), '/lib/ld.so': program }, { code: 1 }],
    ['no command at all', [], {}, {}],
  ])('says nothing about %s', async (_what, argv, files, options) => {
    expect(await check(argv, files, options)).toBeNull();
  });

  it('shows no more of a hostile name than a report may have', async () => {
    const problem = await check([`/${'ü\n'.repeat(500)}`]);
    expect(problem?.file).toMatch(/^\/[?]{199}$/);
  });
});

describe('elfInterpreter', () => {
  it('survives headers that lie', () => {
    const liar = elf('/lib/ld.so');
    liar.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 128);
    expect(elfInterpreter(liar)).toBeNull();
    liar.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 32);
    expect(elfInterpreter(liar)).toBeNull();
    const endless = elf('/lib/ld.so');
    endless.writeUInt16LE(0, 54);
    expect(elfInterpreter(endless)).toBeNull();
    expect(elfInterpreter(Buffer.from('#!/bin/sh'))).toBeNull();
  });
});
