import { expect, it } from 'vitest';
import { declaredArguments } from './declared-arguments.js';

const NAMES = ['NEXOS_COMMIT', 'NEXOS_BRANCH', 'NEXOS_URL'] as const;

it.each([
  ['ARG NEXOS_COMMIT\nFROM x\n', ['NEXOS_COMMIT']],
  ['FROM a\nFROM b\n  arg NEXOS_BRANCH=none NEXOS_URL\n', ['NEXOS_BRANCH', 'NEXOS_URL']],
  ['FROM a\nARG \\\n  # a comment\n  NEXOS_URL\n', ['NEXOS_URL']],
  ['FROM a\nONBUILD ARG NEXOS_COMMIT\n', ['NEXOS_COMMIT']],
  ['FROM a\nARG "NEXOS_COMMIT=1"\n', []],
  ['FROM a\n# ARG NEXOS_COMMIT\nRUN echo ARG NEXOS_BRANCH\nENV NEXOS_URL=1\nARG MY_NEXOS_URL\n', []],
])('declaredArguments finds the arguments of %j', (dockerfile, names) => {
  expect(declaredArguments(dockerfile, NAMES)).toEqual(names);
});
