import { expect, it } from 'vitest';
import { isNewerSyntax } from './newer-syntax.js';

const HEREDOC = 'FROM x\nRUN <<EOF\nset -e\nEOF\n';

it.each<[string, string, string, number, boolean]>([
  ['COPY --link', 'FROM x\nCOPY --link . .\n', 'Unknown flag: link', 2, true],
  ['COPY --parents', 'FROM x\nCOPY --parents a .\n', 'unknown flag: --parents', 2, true],
  ['RUN --network', 'FROM x\nRUN --network=none a\n', 'Unknown flag: network', 2, true],
  ['a secret as a variable', 'FROM x\nRUN …\n', "unexpected key 'env' in 'env=B'", 2, true],
  ['a here-document', HEREDOC, 'unknown instruction: SET', 3, true],
  ['a quoted here-document', `FROM x\nCOPY <<-'E' /x\nhello\nE\n`, 'unknown instruction: HELLO', 3, true],
  ['a here-document after a space', 'FROM x\nRUN << EOF\nset -e\nEOF\n', 'unknown instruction: SET', 3, true],
  [
    'a here-document on a continued line',
    'FROM x\nRUN --mount=type=cache,target=/a \\\n  <<EOF\nset -e\nEOF\n',
    'unknown instruction: SET',
    4,
    true,
  ],
  [
    'a here-document that begins like an instruction',
    'FROM x\nRUN python3 <<EOF\nfrom pathlib import Path\nEOF\n',
    'FROM requires either one or three arguments',
    3,
    true,
  ],
  [
    'a later line of a here-document',
    'FROM x\nRUN <<-A cat && cat <<"B"\n\tuser x\n\tA\nadd x\nB\n',
    'ADD requires at least two arguments',
    5,
    true,
  ],
  ['the end of a here-document', 'FROM x\nRUN <<EOF\nuser x\nEOF\n', 'unknown instruction: EOF', 4, true],
  ['a mistake below a here-document', `${HEREDOC}RUNN a\n`, 'unknown instruction: RUNN', 5, false],
  [
    'a mistake in FROM',
    'FROM a b\nRUN cat <<EOF\nEOF\n',
    'FROM requires either one or three arguments',
    1,
    false,
  ],
  [
    'COPY --chmod with letters',
    'FROM x\nCOPY --chmod=u=rwX . .\n',
    'invalid chmod parameter: u=rwX',
    2,
    true,
  ],
  ['a small disk of a step', 'FROM x\nRUN …\n', "unexpected key 'size' in 'size=1g'", 2, true],
  [
    'a substitution that removes a prefix',
    'FROM x\nARG V=v1\nENV N=${V#v}\n',
    `failed to process "\${V#v}": missing ':' in substitution`,
    3,
    true,
  ],
  ['a typo', 'FROM x\nRUNN a\n', 'unknown instruction: RUNN', 2, false],
  ['a typo before a here-document', `FROM x\nRUNN a\n${HEREDOC}`, 'unknown instruction: RUNN', 2, false],
  ['a shift', 'FROM x\nRUN echo $((1<<2))\nRUNN a\n', 'unknown instruction: RUNN', 3, false],
  ['an unknown flag', 'FROM x\nCOPY --lnik . .\n', 'Unknown flag: lnik', 2, false],
  ['a # syntax= line', `# syntax=docker/dockerfile:1\n${HEREDOC}`, 'unknown instruction: SET', 4, false],
  ['a // syntax= line', `// syntax=docker/dockerfile:1\n${HEREDOC}`, 'unknown instruction: SET', 4, false],
  [
    'a # syntax= line below another directive',
    `\uFEFF# escape=\\\r\n# SYNTAX = docker/dockerfile:1\r\n${HEREDOC}`,
    'unknown instruction: SET',
    5,
    false,
  ],
  ...[
    ['a comment', '# My app\n'],
    ['an empty line', '\n'],
    ['FROM', 'FROM y\n'],
    ['a comment with =', '# the port = 3000\n'],
  ].map(([what = '', above = '']): [string, string, string, number, boolean] => [
    `a # syntax= line below ${what}, which has no effect`,
    `${above}# syntax=docker/dockerfile:1\nFROM x\nCOPY --link . .\n`,
    'Unknown flag: link',
    4,
    true,
  ]),
])('isNewerSyntax judges %s', (_, dockerfile, error, line, expected) => {
  expect(isNewerSyntax(dockerfile, error, line)).toBe(expected);
});

it.each([
  ['blank lines', `FROM x\n${'\n'.repeat(500_000)}RUNN a\n`],
  ['blanks', `FROM x\nRUN ${' '.repeat(500_000)}\nRUNN a\n`],
  ['continued lines', `FROM x\nRUN a ${'\\ \n'.repeat(500_000)}\nRUNN a\n`],
  ['shifts', `FROM x\nRUN ${'<< '.repeat(300_000)}\nRUNN a\n`],
])('reads a large Dockerfile of %s in linear time', (_, text) => {
  const started = performance.now();
  expect(isNewerSyntax(text, 'unknown instruction: RUNN', text.split('\n').length)).toBe(false);
  // In quadratic time this takes minutes.
  expect(performance.now() - started).toBeLessThan(10_000);
});
