import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { deploymentSettings } from '../deployment-settings.js';
import { RepositoryConfigError } from '../file/config-problem.js';
import { parseRepositoryConfig } from '../file/parse-repository-config.js';
import { renderConfig } from '../file/render-config.js';
import { mergeSettings } from '../merge-settings.js';
import { repositoryConfigSchema } from '../file/json-schema.js';
import { settingProblem } from '../setting-problem.js';
import { settingSchema } from '../setting-schema.js';
import { SETTINGS } from '../settings-table.js';
import { effectiveSettings } from '../setting-sources.js';
import { containersOf } from './containers-of.js';

const SETTING = SETTINGS.containers;
const ajv = () =>
  new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, strictRequired: false });
const inFile = ajv().compile(repositoryConfigSchema());
const inBody = ajv().compile(settingSchema(SETTING));

/** Returns the problems of a file as its author reads them. */
function problemsIn(text: string): readonly string[] {
  try {
    parseRepositoryConfig(new TextEncoder().encode(text));
  } catch (error) {
    if (error instanceof RepositoryConfigError) return error.sentences;
    throw error;
  }
  return [];
}

/** Settings of a deployment with these containers. */
function withContainers(text: string) {
  return mergeSettings(deploymentSettings({}), parseRepositoryConfig(new TextEncoder().encode(text)));
}

/** What a file, and a body of the API, must not have, with what is said about it. */
const INVALID: [containers: unknown, place: string, message: string][] = [
  [5, '', 'must be a list of containers'],
  [{}, '', 'must be a list of containers'],
  [['api'], '[0]', 'must have these fields: name, dockerfile'],
  [[{}], '[0]', 'must have a name'],
  [[{ name: 'Api' }], '[0].name', 'must have 1 to 32 of a-z, 0-9 and inner -, and begin with a letter'],
  [[{ name: '1a' }], '[0].name', 'must have 1 to 32'],
  [[{ name: 'a-' }], '[0].name', 'must have 1 to 32'],
  [[{ name: 'a.b' }], '[0].name', 'must have 1 to 32'],
  [[{ name: 'a'.repeat(33) }], '[0].name', 'must have 1 to 32'],
  [[{ name: 5 }], '[0].name', 'must have 1 to 32'],
  ...['app', 'localhost'].map((name): [unknown, string, string] => [
    [{ name }],
    '[0].name',
    `must not be ${name}, which means something else`,
  ]),
  ...['postgres', 'redis', 's3'].map((name): [unknown, string, string] => [
    [{ name }],
    '[0].name',
    `must not be ${name}, which is a service: set services.${name} to true`,
  ]),
  [[{ name: 'a', dockerfile: '../Dockerfile' }], '[0].dockerfile', 'must be a path inside the repository'],
  [
    [{ name: 'a', context: '.' }],
    '[0].context',
    "needs dockerfile: without it, the container runs the app's",
  ],
  [[{ name: 'a', target: 'x' }], '[0].target', 'needs dockerfile'],
  [[{ name: 'a', image: 'x', dockerfile: 'x' }], '[0].image', 'must not be combined with dockerfile'],
  [[{ name: 'a', image: 'x', target: 'x' }], '[0].image', 'must not be combined with target'],
  [[{ name: 'a', image: 'x AS y' }], '[0].image', 'must be the name of an image in a registry'],
  [[{ name: 'a', image: '$X' }], '[0].image', 'must be the name of an image in a registry'],
  [[{ name: 'a', image: 'x\nRUN y' }], '[0].image', 'must be the name of an image in a registry'],
  [[{ name: 'a', command: [] }], '[0].command', 'must have 1 to 64 arguments'],
  [[{ name: 'a', command: '' }], '[0].command', 'must not be empty'],
  [[{ name: 'a', port: 0 }], '[0].port', 'must be a whole number from 1 to 65535'],
  [[{ name: 'a', public: 'yes', port: 1 }], '[0].public', 'must be true or false'],
  [[{ name: 'a', health_check_path: '/' }], '[0].health_check_path', 'needs port'],
  [[{ name: 'a', public: false, health_check_path: '/' }], '[0].health_check_path', 'needs port'],
  [[{ name: 'a', start_timeout_seconds: 0 }], '[0].start_timeout_seconds', 'must be a whole number from 1'],
  [[{ name: 'a', init: 'no' }], '[0].init', 'must be true or false'],
  [[{ name: 'a', cpu: 0 }], '[0].cpu', 'must be a number from 0.05 to 64'],
  [[{ name: 'a', memory: 8 }], '[0].memory', 'must be a whole number from 16'],
  [[{ name: 'a', memory: 64, memory_mb: 64 }], '[0].memory', 'is another name of memory_mb'],
  [[{ name: 'a', env: { NEXOS_X: '1' } }], '[0].env.NEXOS_X', 'the name must not begin with NEXOS_'],
  [[{ name: 'a', env: { A: [] } }], '[0].env.A', 'must be a string, a number, true or false'],
  [[{ name: 'a', replicas: 2 }], '[0].replicas', 'is not a known field; known fields: name, dockerfile'],
  [[{ name: 'a', dependsOn: [] }], '[0].dependsOn', 'is not a known field; did you mean depends_on?'],
  [[{ name: 'a', depends_on: 'b' }], '[0].depends_on', 'must be a list of names of containers'],
  [[{ name: 'a', depends_on: ['B'] }], '[0].depends_on[0]', 'must have 1 to 32'],
  [[{ name: 'b', depends_on: ['app', 'app'] }], '[0].depends_on[1]', 'is listed twice'],
  [Array.from({ length: 16 }, (_, at) => ({ name: `c${at}` })), '', 'must have at most 15 containers'],
];
/** The same for relations between containers, which no schema tells. */
const UNRELATED: [containers: object[], place: string, message: string][] = [
  [[{ name: 'a' }, { name: 'b' }, { name: 'a' }], '[2].name', 'is the name of two containers: a'],
  [[{ name: 'a', depends_on: ['app', 'b'] }], '[0].depends_on[1]', 'must be a container: app, a'],
  [[{ name: 'a', depends_on: ['postgres'] }], '[0].depends_on[0]', 'must be a container: app, a'],
  [[{ name: 'a', depends_on: ['a'] }], '[0].depends_on', 'must not lead in a circle: a → a'],
  [
    [
      { name: 'a', depends_on: ['b'] },
      { name: 'b', depends_on: ['c'] },
      { name: 'c', depends_on: ['b'] },
    ],
    '[1].depends_on',
    'must not lead in a circle: b → c → b',
  ],
];
const VALID = [
  [],
  [{ name: 'a' }],
  [{ name: 'a', public: true, health_check_path: '/up' }],
  [{ name: 'a', start_timeout_seconds: 1_800, init: false }],
  [{ name: 'a', dockerfile: './a/Dockerfile', context: '.', target: 'run' }],
  [{ name: 'a', image: 'ghcr.io/some/thing:1.2@sha256:0123', command: ['x', ''], overlap: false }],
  [{ name: 'a', port: 80, public: true, health_check_path: '/up', cpu: 1, memory_mb: 64, env: { A: 1 } }],
  [
    { name: 'a', public: false, depends_on: ['app', 'b'] },
    { name: 'b', memory: 64, depends_on: [] },
  ],
];

describe('containers', () => {
  it.each([...INVALID, ...UNRELATED])('are refused when they are %j', (containers, place, message) => {
    const [problem = ''] = problemsIn(JSON.stringify({ containers }));
    expect(problem).toContain(`nexos.yaml line 1, containers${place}: ${message}`);
    const inApi = settingProblem(SETTING, containers) ?? '';
    expect(inApi).toContain(place === '' ? message : `is invalid at ${place.replace(/^\./, '')}: ${message}`);
  });

  it('are refused by the schemas as by the parser', () => {
    const refused = INVALID.map(([containers]) => containers);
    expect(refused.filter((containers) => inFile({ containers }) || inBody(containers))).toEqual([]);
  });

  it.each(VALID)('are accepted when they are %j', (...containers) => {
    expect(problemsIn(JSON.stringify({ containers }))).toEqual([]);
    expect(settingProblem(SETTING, containers)).toBeNull();
    expect([inFile({ containers }), inBody(containers)]).toEqual([true, true]);
  });

  it('may have variables and dependencies in a file under which everything is commented out', () => {
    const text = 'containers:\n  - name: a\n    env:\n      # A: 1\n    depends_on: ~\n  - name: b\n';
    expect(withContainers(text).containers).toEqual(
      withContainers('containers: [{ name: a }, { name: b }]').containers,
    );
    expect(inFile({ containers: [{ name: 'a', env: null, depends_on: null }] })).toBe(true);
    for (const field of ['env', 'depends_on', 'command', 'port']) {
      const containers = [{ name: 'a', [field]: null }];
      expect([settingProblem(SETTING, containers) === null, inBody(containers)]).toEqual([false, false]);
    }
    expect(problemsIn('containers: [{ name: a, command: }]')).toHaveLength(1);
    expect(problemsIn('containers: [{ name: a, env: { A: } }]')).toHaveLength(1);
    expect(problemsIn('containers: [{ name: a, env: &x }]')).toHaveLength(1);
  });

  it('are refused with the line of the problem', () => {
    const file = `
containers:
  - name: api
    port: 3001
  - name: worker
    depends_on:
      - api
      - db
    env:
      VERSION: 1.10
`;
    expect(problemsIn(file)).toEqual([
      'nexos.yaml line 8, containers[1].depends_on[1]: must be a container: app, api, worker.',
    ]);
    expect(problemsIn('containers:\n  - name: a\n    name: b')).toEqual([
      'nexos.yaml line 3, containers[0].name: is defined twice.',
    ]);
    for (const text of ['[&a { name: a }]', '[*a]', '[{ name: !x a }]', '[{ 5: a }]', '[{ name: }]']) {
      expect(problemsIn(`containers: ${text}`).length).toBeGreaterThan(0);
    }
  });

  it('have every field once they are stored, and come back as they were given', () => {
    const text = `name: shop
containers:
  - name: worker
    command: node worker.js
    memory: 256
    env: { VERSION: 1.10, ON: true }
`;
    const { containers } = withContainers(text);
    const stored = {
      name: 'worker',
      command: ['/bin/sh', '-c', 'node worker.js'],
      memory_mb: 256,
      env: { VERSION: '1.10', ON: 'true' },
      dockerfile: null,
      port: null,
      public: false,
      overlap: true,
      depends_on: [],
      start_timeout_seconds: 60,
      init: true,
    };
    expect(containers).toEqual([expect.objectContaining(stored)]);
    expect(deploymentSettings({ containers }).containers).toEqual(containers);
    expect(withContainers(renderConfig('shop', { containers })).containers).toEqual(containers);
    expect(effectiveSettings(withContainers(text), null).containers?.value).toEqual([
      expect.objectContaining({ name: 'worker', command: 'node worker.js', env: ['VERSION', 'ON'] }),
    ]);
  });

  it("replace the project's", () => {
    const project = withContainers('containers: [{ name: old }, { name: older }]');
    const config = parseRepositoryConfig(new TextEncoder().encode('containers: [{ name: new }]'));
    expect(mergeSettings(project, config).containers.map(({ name }) => name)).toEqual(['new']);
    const none = parseRepositoryConfig(new TextEncoder().encode('containers: false'));
    expect(mergeSettings(project, none).containers).toEqual([]);
    expect(mergeSettings(project, {}).containers).toHaveLength(2);
  });

  it('are the app alone where a version has no others', () => {
    const { port, cpu, memory_mb } = deploymentSettings({});
    const app = { name: 'app', index: 0, port, cpu, memory_mb, public: true, overlap: true, depends_on: [] };
    expect(containersOf(deploymentSettings({}))).toEqual([expect.objectContaining(app)]);
    const all = containersOf(
      withContainers(
        'containers: [{ name: api, port: 3001 }, { name: worker }, { name: site, public: true }]',
      ),
    );
    expect(all.map(({ name, index, port: at }) => [name, index, at])).toEqual([
      ['app', 0, 3000],
      ['api', 1, 3001],
      ['worker', 2, null],
      ['site', 3, 3000],
    ]);
  });
});
