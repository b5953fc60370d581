import { describe, expect, it } from 'vitest';
import { documentAt } from '../../../docs/checks/markdown.js';
import { appVariables } from '../../../docs/generate/environment-variables-page.js';
import { IngressConfig } from '@nexos/config';
import { deploymentSettings } from '@nexos/settings';

const COMPOSE = documentAt('docker/compose.yaml');
const EXAMPLE = documentAt('docker/.env.example');
const HAPROXY = documentAt('docker/haproxy/haproxy.cfg');
const APPS = ['agent', 'api', 'builder', 'integrations', 'lifecycle', 'quota'];
const SERVICES = [...APPS, 'postgres', 'redis', 'haproxy', 'registry', 'build_engine'];
/** Variables that the layout of the containers fixes, and variables for tests only. */
const FIXED = [
  ...['DATABASE_URL', 'REDIS_URL', 'PORT', 'HOST', 'HEALTH_PORT', 'HEALTH_HOST', 'MIRROR_DIR', 'DOCKER_HOST'],
  ...['INGRESS_SOCKET_DIR', 'NEXOS_FAULT_POINT'],
];

/** Returns the variables that an app gets, including those of merged blocks. */
function variablesOf(app: string): string[] {
  const own = service(app);
  const merged = [...own.matchAll(/\*([\w-]+-env)\b/g)].map(([, name = '']) => {
    const [, block = ''] = COMPOSE.split(`: &${name}\n`);
    return block.split('\n\n')[0] ?? '';
  });
  return [own, ...merged].flatMap((block) =>
    [...block.matchAll(/^ +([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name),
  );
}

/** Returns the lines of one service. */
function service(name: string): string {
  const services = COMPOSE.slice(COMPOSE.indexOf('\nservices:\n'), COMPOSE.indexOf('\nnetworks:\n'));
  const own = services.split(/^(?= {2}\w+:$)/m).find((block) => block.startsWith(`  ${name}:\n`));
  if (own === undefined) throw new Error(`compose.yaml has no service ${name}`);
  return own;
}

describe('docker/compose.yaml', () => {
  it.each(SERVICES)('runs %s, with a health check', (name) => {
    expect(service(name)).toMatch(/^ {4}healthcheck:/m);
  });

  it.each(APPS)('runs the compiled %s of the image', (name) => {
    expect(service(name)).toContain(`dist/apps/${name}/src/main.js`);
  });

  it('gives the engine’s socket only to the agent, the builder and the lifecycle worker', () => {
    expect(SERVICES.filter((name) => /\/var\/run\/docker\.sock[:}]/.test(service(name)))).toEqual([
      'agent',
      'builder',
      'lifecycle',
    ]);
  });

  it('gives the engine of builds neither a store nor the sockets of the machine', () => {
    const engine = service('build_engine');
    expect(engine).toContain('networks: [builds]');
    expect(engine).not.toMatch(/stores|outside|docker\.sock:|ports:/);
    expect(service('registry')).toContain("ports: ['127.0.0.1:5800:5000']");
    for (const name of ['registry', 'registry_key', 'build_engine'])
      expect(service(name)).toContain('profiles: [isolated-builds]');
  });

  it("gives the GitHub App's key, and who may use it, only to the apps that read repositories", () => {
    for (const variable of ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY', 'REPOSITORIES']) {
      expect(APPS.filter((name) => variablesOf(name).includes(variable)).toSorted()).toEqual([
        'api',
        'builder',
        'integrations',
      ]);
    }
  });

  it('contains no secret: the operator must set each one', () => {
    const secrets = [...COMPOSE.matchAll(/\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)(:?[-?])?/g)];
    expect(new Set(secrets.map(([, name]) => name))).toEqual(
      new Set([
        'POSTGRES_PASSWORD',
        'REDIS_PASSWORD',
        'ENCRYPTION_KEY',
        'ENCRYPTION_KEYS_OLD',
        'GITHUB_WEBHOOK_SECRET',
        'GITHUB_APP_PRIVATE_KEY',
        'GITHUB_CLIENT_SECRET',
      ]),
    );
    expect(COMPOSE).not.toMatch(/\$\{\w*(PASSWORD|SECRET|KEY)\w*:-[^}]/);
    expect(EXAMPLE).not.toMatch(/^\w*(PASSWORD|SECRET|KEY)\w*=./m);
  });

  it('requires only variables that docker/.env.example lists', () => {
    const required = new Set([...COMPOSE.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name));
    expect(required.size).toBeGreaterThan(0);
    const named = [...EXAMPLE.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
    expect([...required].filter((name) => !named.includes(name))).toEqual([]);
    expect(named.filter((name) => !COMPOSE.includes(`\${${name}`))).toEqual([]);
  });

  it('passes the apps only variables that they read', () => {
    const known = appVariables().map(({ name }) => name);
    const passed = [...COMPOSE.matchAll(/^ +([A-Z][A-Z0-9_]+): /gm)]
      .map(([, name = '']) => name)
      .filter(
        (name) =>
          !/^(CMD|POSTGRES_|REDIS_PASSWORD|NODE_IMAGE|INGRESS_BIND|BUILD_(?!CACHE|CONCURRENCY|LOG|CONTEXT))/.test(
            name,
          ),
      );
    expect(passed.length).toBeGreaterThan(15);
    expect(passed.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('passes every variable that the apps read', () => {
    const missing = appVariables().flatMap(({ name, apps }) =>
      FIXED.includes(name)
        ? []
        : apps.filter((app) => !variablesOf(app).includes(name)).map((app) => `${app}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('makes Redis persist its keys and never evict them', () => {
    expect(service('redis')).toMatch(/appendonly yes\n\s+maxmemory-policy noeviction/);
  });

  it("runs the ingress in the machine's network, as root with one capability", () => {
    expect(service('haproxy')).toContain('network_mode: host');
    expect(service('haproxy')).toContain("user: '0:1000'");
    expect(service('haproxy')).toContain('cap_add: [NET_BIND_SERVICE]');
  });

  it('gives the ingress every variable that its configuration reads', () => {
    const read = new Set([...HAPROXY.matchAll(/\$\{?([A-Z_]+)/g)].map(([, name = '']) => name));
    expect(read).toContain('INGRESS_TRUSTED_PROXIES');
    expect([...read].filter((name) => !variablesOf('haproxy').includes(name))).toEqual([]);
  });
});

describe('docker/haproxy/haproxy.cfg', () => {
  it('has the defaults that are documented', () => {
    const { maxConnectionsPerHost, publicScheme } = new IngressConfig();
    expect(HAPROXY).toContain(`setenv INGRESS_MAX_CONNECTIONS_PER_HOST ${maxConnectionsPerHost}\n`);
    expect(HAPROXY).toContain(`setenv PUBLIC_SCHEME ${publicScheme}\n`);
    const timeoutMs = 1_000 * deploymentSettings({}).request_timeout_seconds;
    expect(HAPROXY).toContain(`set-var(txn.timeout) int(${timeoutMs})\n`);
  });
});
