import { describe, expect, it } from 'vitest';
import { RepositoryConfigError } from './config-problem.js';
import { parseRepositoryConfig } from './parse-repository-config.js';

const OFFER = { postgres: ['15', '16'], redis: ['7', '1.10'], s3: [] };
const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, file?: string) => parseRepositoryConfig(bytes(text), OFFER, file);

/** Returns the problems of a file as its author reads them. */
function problemsIn(text: string, file?: string): readonly string[] {
  try {
    parse(text, file);
  } catch (error) {
    if (error instanceof RepositoryConfigError) return error.sentences;
    throw error;
  }
  return [];
}

const LEAST = `
name: my-app
app:
  port: 3000
  memory: 512
`;
const WHOLE = `
name: my-app
build:
  dockerfile: ./Dockerfile
  context: .
  args: { NODE_VERSION: "20" }
app:
  port: 3000
  cpu: 1
  memory: 512
buildResources:
  cpu: 2
  memory: 2048
  timeout: 600
services:
  postgres: true
  redis:
    enabled: true
    version: "7"
  mongodb: false
hooks:
  on_deploy: "true"
  on_new: "true"
env:
  NODE_ENV: production
`;
const CONTAINERS = `
containers:
  - { name: api, dockerfile: ./api/Dockerfile, context: ., port: 3001, cpu: 1, memory: 512, public: true }
  - name: worker
    dockerfile: ./worker/Dockerfile
    cpu: 0.5
    memory: 256
    command: node worker.js
    depends_on: [api]
    env: { QUEUE_NAME: jobs }
`;
const COMPACT = `
build: { dockerfile: ./Dockerfile, context: ., args: { NODE_VERSION: "20" } }
app: { port: 3000, cpu: 0.2, memory_mb: 64 }
services: { postgres: true, redis: true }
hooks: { on_deploy: "true", on_new: "true" }
env: { NODE_ENV: production }
`;

describe('nexos.yaml as it is published', () => {
  it('is accepted with the fewest fields', () => {
    expect(parse(LEAST)).toEqual({ name: 'my-app', app: { port: 3000, memory_mb: 512 } });
  });

  it('is accepted with every field', () => {
    expect(parse(WHOLE)).toEqual({
      name: 'my-app',
      build: { dockerfile: './Dockerfile', context: '.', args: { NODE_VERSION: '20' } },
      app: { port: 3000, cpu: 1, memory_mb: 512 },
      buildResources: { cpu: 2, memory: 2048, timeout: 600 },
      services: { postgres: true, redis: { enabled: true, version: '7' } },
      hooks: { on_deploy: ['/bin/sh', '-c', 'true'], on_new: ['/bin/sh', '-c', 'true'] },
      env: { NODE_ENV: 'production' },
    });
    expect(problemsIn(COMPACT)).toEqual([]);
  });

  it('is accepted with containers', () => {
    expect(parse(WHOLE + CONTAINERS).containers).toEqual([
      {
        name: 'api',
        dockerfile: './api/Dockerfile',
        context: '.',
        port: 3001,
        cpu: 1,
        memory: 512,
        public: true,
      },
      {
        name: 'worker',
        dockerfile: './worker/Dockerfile',
        cpu: 0.5,
        memory: 256,
        command: 'node worker.js',
        depends_on: ['api'],
        env: { QUEUE_NAME: 'jobs' },
      },
    ]);
  });

  it.each([
    'containers: []',
    'containers: false',
    'services: { mongodb: false, elasticsearch: false, mailhog: false }',
    'services: { mongodb: { enabled: false } }',
    'services: { mongodb: { enabled: false, version: "6", storageMb: 512 } }',
    'preview: { mode: prod }',
    'preview: { mode: false }',
    'preview: {}',
    'preview: false',
    'name: x\napp:\n  # port: 3000\nbuild:\nservices:\nhooks:\nenv:\ncontainers:\npreview:\nbuildResources: ~',
    'build: { args: }',
    '~',
  ])('accepts what asks for nothing that is not offered: %s', (text) => {
    expect(problemsIn(text)).toEqual([]);
  });

  it.each([
    ['services: { mongodb: true }', 'services.mongodb: is not offered'],
    ['services: { mongodb: {} }', 'services.mongodb: is not offered'],
    ['services: { elasticsearch: { enabled: true } }', 'services.elasticsearch: is not offered'],
    ['services: { mailhog: { version: "1" } }', 'services.mailhog: is not offered'],
  ])('names what is offered, and that the operator decides: %s', (text, message) => {
    const [problem] = problemsIn(text);
    expect(problem).toContain(message);
    expect(problem).toContain('which offers postgres, redis, s3; its operator decides');
  });

  it.each(['dev', 'draft-based', 'other', 'true'])('refuses the preview mode %s', (mode) => {
    expect(problemsIn(`preview: { mode: ${mode} }`)).toEqual([
      'nexos.yaml line 1, preview.mode: must be prod: this installation offers no other mode, and its operator decides what it offers.',
    ]);
  });

  it.each<[string, unknown]>([
    ['{ enabled: true }', { enabled: true }],
    ['{ enabled: false, version: "99" }', { enabled: false, version: '99' }],
    ['{ version: 16 }', { version: '16' }],
    ['{ storageMb: 5120 }', { storage_mb: 5120 }],
    ['{}', {}],
  ])('reads a service as a mapping: %s', (service, read) => {
    expect(parse(`services: { postgres: ${service} }`)).toEqual({ services: { postgres: read } });
  });

  it('reads a version as it is written', () => {
    expect(parse('services: { redis: { version: "1.10" } }')).toEqual({
      services: { redis: { version: '1.10' } },
    });
    for (const text of ['1.10', '0x7', '+7', '7.0']) {
      expect(problemsIn(`services: { redis: { version: ${text} } }`)).toEqual([
        `nexos.yaml line 1, services.redis.version: must be quoted, since YAML reads a number: write "${text}".`,
      ]);
    }
  });

  it.each([
    [
      'services: { postgres: { version: "14" } }',
      'services.postgres.version: must be a version that this installation offers: 15, 16; its operator decides',
    ],
    ['services: { s3: { version: "1" } }', 'services.s3.version: cannot be chosen on this installation'],
    [
      'services: { postgres: { version: true } }',
      'services.postgres.version: must be a version, such as "16".',
    ],
    ['services: { postgres: { version: [16] } }', 'services.postgres.version: must be a version'],
    ['services: { postgres: { version: &a "16" } }', 'services.postgres.version: must have no anchor'],
    ['services: { postgres: { enabled: "yes" } }', 'services.postgres.enabled: must be true or false.'],
    [
      'services: { postgres: { storageMb: 1 } }',
      'services.postgres.storageMb: must be a whole number from 16',
    ],
    ['services: { postgres: { storageMB: 64 } }', 'did you mean services.postgres.storageMb?'],
    [
      'services: { postgres: { image: x } }',
      'is not a known field; known fields: enabled, version, storageMb.',
    ],
    [
      'services: { postgres: { enabled: true, enabled: true } }',
      'services.postgres.enabled: is defined twice.',
    ],
    ['services: { postgres: [] }', 'services.postgres: must be true, false, or a mapping'],
    ['services: { mongodb: 5 }', 'services.mongodb: must be true, false, or a mapping'],
    ['name: ""', 'name: must have 1 to 100 characters'],
    ['name: 5', 'name: must have 1 to 100 characters'],
    ['name: [a]', 'name: must have 1 to 100 characters'],
    ['app: { memory: 8 }', 'app.memory: must be a whole number from 16 to 262144.'],
    ...['512Mi', '1g', '512MB', '"1.5 GiB"'].map((memory) => [
      `app: { memory: ${memory} }`,
      'app.memory: must be a whole number from 16 to 262144, in MiB and without a unit.',
    ]),
    ['app: { memory: "512" }', 'app.memory: must be a whole number from 16 to 262144, without quotes.'],
    ['app: { memory: lots }', 'app.memory: must be a whole number from 16 to 262144.'],
    [
      'containers: [{ name: a, memory: 1g }]',
      'containers[0].memory: must be a whole number from 16 to 262144, in MiB and without a unit.',
    ],
    [
      'services: { postgres: { storageMb: 5Gi } }',
      'services.postgres.storageMb: must be a whole number from 16 to 16777216, in MiB and without a unit.',
    ],
    ['app: { memory: 64, memory_mb: 64 }', 'app.memory: is another name of memory_mb; keep one of the two.'],
    ['buildResources: { timeout: 1 }', 'buildResources.timeout: must be a whole number from 10 to 7200.'],
    ['buildResources: { cpu: 0 }', 'buildResources.cpu: must be a number from 0.05 to 64.'],
    ['buildResources: { memory: 1.5 }', 'buildResources.memory: must be a whole number'],
    ['app: { port: "3000" }', 'app.port: must be a whole number from 1 to 65535, without quotes.'],
    ['app: { cpu: "0.5" }', 'app.cpu: must be a number from 0.05 to 64, without quotes.'],
    ['preview: { enabled: false }', 'preview.enabled: is not a known field; known fields: mode.'],
    [
      'preview: { mod: prod }',
      'preview.mod: is not a known field; did you mean preview.mode? known fields: mode.',
    ],
    ['preview: prod', 'preview: must be a mapping of these fields, or left out: mode.'],
    [
      'containers: [{ name: a, port: "1" }]',
      'containers[0].port: must be a whole number from 1 to 65535, without',
    ],
    [
      'containers: [{ name: a, depends_on: [redis] }]',
      'containers[0].depends_on[0]: must be a container: app, a; services run before all containers, so leave them out.',
    ],
  ])('reports the problem in %s', (text = '', message = '') => {
    const [first = '', ...others] = problemsIn(text);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  it.each([
    ['app: { memroy: 1 }', 'app.memory'],
    ['app: { memoryMb: 1 }', 'app.memory_mb'],
    ['app: { healthCheckPath: / }', 'app.health_check_path'],
    ['app: { health_check: / }', 'app.health_check_path'],
    ['build_resources: {}', 'buildResources'],
    ['service: {}', 'services'],
    ['environment: {}', 'env'],
    ['port: 80', 'app.port'],
    ['memory: 512', 'app.memory'],
    ['cpu: 1', 'app.cpu'],
    ['dockerfile: x', 'build.dockerfile'],
    ['build: { timeout: 60 }', 'buildResources.timeout'],
    ['app: { env: {} }', 'env'],
    ['services: { postgresql: true }', 'services.postgres'],
    ['hooks: { onDeploy: x }', 'hooks.on_deploy'],
  ])('suggests the closest known field for %s', (text, closest) => {
    expect(problemsIn(text)).toEqual([
      expect.stringContaining(`is not a known field; did you mean ${closest}?`),
    ]);
  });

  it('suggests nothing that is not offered, and nothing for a name unlike any field', () => {
    expect(problemsIn('services: { mongo: true }')[0]).toContain(
      'is not a known field; known fields: postgres, redis, s3.',
    );
    expect(problemsIn('xyzzy: 1')[0]).toContain('is not a known field; known fields: name,');
    expect(problemsIn(`${'a'.repeat(1000)}: 1`)[0]).toContain('is not a known field; known fields: name,');
  });

  it('names the file of the project', () => {
    expect(problemsIn('app: { port: 0 }', 'apps/web/nexos.yaml')).toEqual([
      'apps/web/nexos.yaml line 1, app.port: must be a whole number from 1 to 65535.',
    ]);
    expect(problemsIn('{', 'apps/web/nexos.yaml')[0]).toMatch(
      /^apps\/web\/nexos\.yaml line 1: is not valid YAML/,
    );
  });
});
