import { describe, expect, it } from 'vitest';
import { FILE_SETTINGS } from '../all-settings.js';
import { RepositoryConfigError } from './config-problem.js';
import { parseRepositoryConfig } from './parse-repository-config.js';
import { MAX_CONFIG_BYTES } from './yaml-source.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseRepositoryConfig(bytes(text));

/** Returns the problems of a file as its author reads them. */
function problemsIn(file: string | Uint8Array): readonly string[] {
  try {
    parseRepositoryConfig(typeof file === 'string' ? bytes(file) : file);
  } catch (error) {
    if (error instanceof RepositoryConfigError) return error.sentences;
    throw error;
  }
  return [];
}

const WHOLE = `
build: { dockerfile: apps/web/Dockerfile, context: ., args: { NODE: 22.10, DEBUG: true, EMPTY: "" } }
app:
  port: 8080
  cpu: 1
  memory_mb: 256
  health_check_path: /health?deep=1
services: { postgres: true, redis: false, s3: true }
env:
  LOG_LEVEL: debug
  VERSION: 1.10
  OCTAL: 0o17
  NORWAY: no
  ON: false
hooks:
  on_deploy: npm run migrate && echo "done"
  on_new: [node, seed.js, ""]
  seed: db/größe.sql
`;

/** Returns the names of the settings in a section, as the messages list them. */
const namesIn = (section: string) =>
  FILE_SETTINGS.map(([, { file }]) => file.split('.'))
    .filter(([first]) => first === section)
    .map(([, name]) => name)
    .join(', ');

describe('parseRepositoryConfig', () => {
  it('reads every section and keeps values as they were written', () => {
    expect(parse(WHOLE)).toEqual({
      build: {
        dockerfile: 'apps/web/Dockerfile',
        context: '.',
        args: { NODE: '22.10', DEBUG: 'true', EMPTY: '' },
      },
      app: { port: 8080, cpu: 1, memory_mb: 256, health_check_path: '/health?deep=1' },
      services: { postgres: true, redis: false, s3: true },
      env: { LOG_LEVEL: 'debug', VERSION: '1.10', OCTAL: '0o17', NORWAY: 'no', ON: 'false' },
      hooks: {
        on_deploy: ['/bin/sh', '-c', 'npm run migrate && echo "done"'],
        on_new: ['node', 'seed.js', ''],
        seed: 'db/größe.sql',
      },
    });
  });

  it.each([
    ['no content', ''],
    ['a comment', '# later\n'],
    ['a byte order mark', '\ufeff'],
    ['a document start marker', '---\n'],
    ['no fields', '{}'],
  ])('reads a file with %s as an empty config', (_, text) => {
    expect(parse(text)).toEqual({});
  });

  it('accepts JSON and Windows line endings', () => {
    expect(parse('{"app": {"port": 80}}')).toEqual({ app: { port: 80 } });
    expect(parse('app:\r\n  port: 80\r\n')).toEqual({ app: { port: 80 } });
  });

  it('accepts any variable name that Nexos does not reserve', () => {
    expect(Object.keys(parse('env: { __proto__: a, constructor: b, toString: c }').env ?? {})).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ]);
  });
});

describe('parseRepositoryConfig on an invalid file', () => {
  const PATH = 'must be a path inside the repository, relative to its root.';
  it.each<[string, string]>([
    ['app:\n  cpu: 1\n\n  port: 0\n', 'line 4, app.port: must be a whole number from 1 to 65535.'],
    ['app: { port: 80.5 }', 'line 1, app.port: must be a whole number from 1 to 65535'],
    ['app: { port: "80" }', 'line 1, app.port: must be a whole number from 1 to 65535'],
    ['app: { port: }', 'line 1, app.port: must be a whole number from 1 to 65535'],
    ['app: { cpu: 65 }', 'line 1, app.cpu: must be a number from 0.05 to 64.'],
    ['app: { cpu: .nan }', 'line 1, app.cpu: must be a number from 0.05 to 64.'],
    ['app: { memory_mb: 8 }', 'line 1, app.memory_mb: must be a whole number from 16 to 262144.'],
    ['app: { health_check_path: //evil }', 'line 1, app.health_check_path: must be a path such as'],
    ['app: [port]', `line 1, app: must be a mapping of these fields, or left out: ${namesIn('app')}.`],
    ['app: 5\n', 'line 1, app: must be a mapping'],
    [
      'app:\n  prot: 80\n',
      'line 2, app.prot: is not a known field; did you mean app.port? known fields: port, cpu,',
    ],
    [
      'apps: {}',
      'line 1, apps: is not a known field; did you mean app? known fields: name, build, buildResources, app, services, env, containers, hooks.',
    ],
    ['"a\\nb\\u202e": 1', 'line 1, "a\\nb'],
    ['- app', 'nexos.yaml line 1: must be a mapping'],
    ['app', 'nexos.yaml line 1: must be a mapping'],
    ['1: 2', 'nexos.yaml line 1: must have names that are strings'],
    ['? [a]\n: b', 'nexos.yaml line 1: must have names that are strings'],
    ['build: { dockerfile: ../Dockerfile }', `line 1, build.dockerfile: ${PATH}`],
    ['build: { dockerfile: /etc/passwd }', `line 1, build.dockerfile: ${PATH}`],
    ['build: { context: "a\\0b" }', `line 1, build.context: ${PATH}`],
    ['build: { context: "a\\u2028/../../b" }', `line 1, build.context: ${PATH}`],
    ['build: { context: "\\ud800" }', `line 1, build.context: ${PATH}`],
    [`build: { context: ${'a'.repeat(256)} }`, 'line 1, build.context: must have at most 255 characters.'],
    ['build: { args: { BUILDKIT_SYNTAX: x } }', 'build.args.BUILDKIT_SYNTAX: the name must not begin with'],
    ['build: { args: { a-b: x } }', 'build.args.a-b: the name must have 1 to 128 letters'],
    [
      'services: { postgres: yes }',
      'line 1, services.postgres: must be true, false, or a mapping of enabled, version and storageMb.',
    ],
    ['env: { PORT: 1 }', 'line 1, env.PORT: the name must not be PORT, which Nexos reserves.'],
    ['env: { NEXOS_X: 1 }', 'env.NEXOS_X: the name must not begin with NEXOS_, which Nexos reserves'],
    [
      'env:\n  A:\n  B: 1',
      'line 2, env.A: must be a string, a number, true or false; write "" for an empty string.',
    ],
    ['env: { A: [b] }', 'line 1, env.A: must be a string'],
    ['env: { A: .inf }', 'line 1, env.A: must be a string'],
    ['env: { A: "\\0" }', 'line 1, env.A: must be Unicode text without NUL.'],
    ['env: [A]', 'line 1, env: must be a mapping of names to values, or left out.'],
    ['hooks: { on_deploy: true }', 'line 1, hooks.on_deploy: must be a command'],
    ['hooks: { on_deploy: "" }', 'line 1, hooks.on_deploy: must not be empty.'],
    ['hooks: { on_new: [] }', 'line 1, hooks.on_new: must have 1 to 64 arguments.'],
    ['hooks: { on_new: ["", a] }', 'line 1, hooks.on_new[0]: must not be empty.'],
    ['hooks:\n  on_new:\n    - sleep\n    - 5', 'line 4, hooks.on_new[1]: must be a command'],
    ['hooks: { seed: ../dump.sql }', `line 1, hooks.seed: ${PATH}`],
    ['app: {}\nenv: {}\napp: {}', 'line 3, app: is defined twice.'],
    ['env: { A: 1, A: 2 }', 'line 1, env.A: is defined twice.'],
    ['env: { A: &a b }', 'line 1, env.A: must have no anchor'],
    ['env: { A: *a }', 'line 1, env.A: must be written out: aliases (*name) are not supported.'],
    ['app: { port: 1 }\nhooks: { on_new: [*a] }', 'line 2, hooks.on_new[0]: must be written out'],
    ['env: { <<: { A: 1 } }', 'env."<<": the name must have'],
    ['env: { A: !!str 1 }', 'line 1, env.A: must have no tag'],
    ['env: !!map { A: 1 }', 'line 1, env: must have no tag'],
    ['env: { ? !!str A : 1 }', 'line 1, env: must have no tag'],
    ['hooks: { on_new: !!seq [a] }', 'line 1, hooks.on_new: must have no tag'],
    ['app: { port: ! 1 }', 'line 1, app.port: must have no tag'],
    ['!mine {}', 'nexos.yaml line 1: must have no tag'],
    ['app:\n\tport: 1\n', 'line 2: is not valid YAML: Tabs are not allowed as indentation.'],
    ['app: {\n', 'is not valid YAML'],
    ['app: "\\\u0007"', 'is not valid YAML: Invalid escape sequence'],
    ['a: 1\n---\nb: 2\n', 'nexos.yaml: must be a single document'],
    ['%YAML 1.1\n---\nservices: { s3: yes }', 'nexos.yaml: must not have a %YAML directive.'],
  ])('reports the line and path of the problem in %j', (text, message) => {
    const [first = '', ...others] = problemsIn(text);
    expect(first).toContain(message);
    expect(first).toMatch(/^nexos\.yaml[^\p{Cc}]*\.$/u);
    expect(others).toEqual([]);
  });

  it('rejects a file that is too large', () => {
    expect(problemsIn(`# ${'x'.repeat(MAX_CONFIG_BYTES)}`)).toEqual([
      'nexos.yaml: is larger than 64 KiB; make it smaller.',
    ]);
  });

  it('rejects a file that is not UTF-8', () => {
    expect(problemsIn(new Uint8Array([0xff, 0xfe, 0x61, 0x00]))).toEqual(['nexos.yaml: must be UTF-8 text.']);
  });

  it('reports all problems at once, up to twenty', () => {
    expect(problemsIn('app: { port: 0, cpu: 0 }\nenv: { PORT: 1 }\nnope: 1\n')).toHaveLength(4);
    expect(problemsIn(Array.from({ length: 50 }, (_, at) => `unknown${at}: 1`).join('\n'))).toHaveLength(20);
    expect(problemsIn('"a" '.repeat(1000))).toHaveLength(20);
  });

  it('quotes no value from the file', () => {
    const messages = problemsIn(
      'app: { port: hunter2 }\nenv: { A: [hunter2] }\nhooks: { seed: /hunter2 }',
    ).join();
    expect(messages).not.toContain('hunter2');
  });
});
