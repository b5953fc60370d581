import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { EncryptionConfig, loadConfig } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { getEverything } from '../support/leaks/get-everything.js';
import {
  databaseText,
  networkAndVolumeText,
  imageText,
  recordOutbox,
  processLog,
  redisText,
  serviceLogs,
} from '../support/leaks/leak-sources.js';
import { LeakWatch } from '../support/leaks/leak-watch.js';
import { createApp } from '../support/github-api/create-app.js';
import { GithubApi } from '../support/github-api/github-api.js';
import type { Deployment, Environment, Execution } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

const APPS = ['agent', 'api', 'builder', 'integrations', 'lifecycle', 'quota'] as const;
const TOKEN = `planted-${crypto.randomUUID()}`;
const SIGNING_KEY = randomBytes(24).toString('base64');
/** The address of a channel is a secret, too. */
const CHANNEL_KEY = `planted-${crypto.randomUUID()}`;
const PRINT_SECRETS = `for (const name of ['TOKEN', 'DATABASE_URL', 'REDIS_URL']) {
  const value = String(process.env[name]);
  const password = value.includes('://') ? new URL(value).password : value;
  console.log(WHO, name, value);
  console.error(WHO, password, Buffer.from(password).toString('base64'), JSON.stringify({ [name]: password }));
}
`;
/** Responds to every request with its secrets, reversed. */
const SERVER = `const WHO = 'the app prints';
${PRINT_SECRETS}
require('node:http')
  .createServer((request, response) => {
    const { TOKEN, DATABASE_URL, REDIS_URL } = process.env;
    const secrets = [TOKEN, new URL(DATABASE_URL).password, new URL(REDIS_URL).password];
    response.end(JSON.stringify(secrets.map((secret) => secret.split('').reverse().join(''))));
  })
  .listen(process.env.PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

/** Returns an app that prints its secrets when it runs and in its hooks, and a file of its repository in its build. */
function chattyApp(known: string): Record<string, string> {
  return {
    Dockerfile: `FROM nexos-local/node
WORKDIR /app
COPY . .
RUN echo "the step prints $(cat known.txt)" ${crypto.randomUUID()}
RUN cat known.txt >&2
CMD ["node", "server.js"]
`,
    'nexos.yaml': 'hooks:\n  on_deploy: node hook.js\n  on_new: node hook.js; env\n',
    'server.js': SERVER,
    'hook.js': `const WHO = 'the hook prints';\n${PRINT_SECRETS}`,
    'known.txt': known,
  };
}

describe('secrets', () => {
  let nexos: NexosStack;
  let github: GithubApi;
  let project: TestProject;
  let watch: LeakWatch;
  let environment: Environment;
  let execution: Execution;
  let webhookSecret: string;
  let storedPage: string;
  const deployments: Deployment[] = [];
  /** The secrets by description. */
  const secrets = new Map<string, string>([['the variable', TOKEN]]);

  const textOf = (lines: readonly { text: string }[]) => lines.map(({ text }) => text).join('\n');
  const expectNowhere = (where: string, text: string) => {
    for (const [what, secret] of secrets) {
      const bytes = Buffer.from(secret);
      for (const form of [
        secret,
        bytes.toString('base64'),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ]) {
        expect(text.includes(form), `${what} in ${where}`).toBe(false);
      }
    }
  };
  const sealed = (table: string, owner: string) =>
    nexos.rows<{ id: string; kind: string; sealed: string }>(
      `SELECT ${owner} AS id, kind, sealed_password AS sealed FROM ${table} WHERE project_id = $1`,
      [project.id],
    );

  beforeAll(async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    github = await GithubApi.start({ id: '4242', publicKey });
    nexos = await NexosStack.start(inject('system'), {
      env: { GITHUB_API_URL: github.url, REPOSITORIES: 'any' },
    });
    await recordOutbox(nexos);
    watch = new LeakWatch(nexos.instance, nexos.env.REDIS_URL ?? '');
    await watch.start();
    await createGithubApp();
    project = await TestProject.create(nexos, { services: { postgres: true, redis: true, s3: false } });
    // As the payloads of pushes say.
    github.install(project.fullName, 1);
    const variable = { key: 'TOKEN', value: TOKEN };
    expect((await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, variable)).status).toBe(200);

    const own = await nexos.api.post<{ secret: string }>(`/projects/${project.id}/webhook-secret`);
    webhookSecret = own.secret;
    const events = ['deployment.live', 'deployment.failed'];
    await nexos.api.post(`/projects/${project.id}/webhooks`, {
      url: 'http://127.0.0.1:9/hook',
      events,
      secret: `whsec_${SIGNING_KEY}`,
    });
    await nexos.api.post(`/projects/${project.id}/slack`, {
      url: `https://hooks.slack.com/services/${CHANNEL_KEY}`,
      events,
    });

    deployments.push(await project.deploy(chattyApp(TOKEN)));
    environment = await project.environment();
    const reversed = JSON.parse((await visit(environment.url)).body) as string[];
    const [token, postgres = '', redis = ''] = reversed.map((text) => text.split('').reverse().join(''));
    expect(token).toBe(TOKEN);
    secrets.set('the password of the database', postgres).set('the password of Redis', redis);

    // From here on the repository, and so the build, contains the environment's generated passwords.
    deployments.push(await project.deploy(chattyApp([TOKEN, postgres, redis].join('\n'))));
    deployments.push(
      await project.deploy({
        'hook.js': `const WHO = 'the hook fails';\n${PRINT_SECRETS}process.exit(3);\n`,
      }),
    );
    const executed = async (command: string[]) =>
      nexos.api.waitForExecution((await nexos.api.exec(environment.id, command)).id);
    execution = await executed(['node', 'hook.js']);
    await executed(['sh', '-c', 'env; echo "$DATABASE_URL"']);
    await nexos.api.post(`/environments/${environment.id}/reset`);
  });
  afterAll(async () => {
    await watch.stop();
    await nexos.stop();
    await github.stop();
  });

  /** Has Nexos create its GitHub App, which every process then uses. */
  async function createGithubApp(): Promise<void> {
    const { url } = await nexos.api.post<{ url: string }>('/github/app-manifest', {});
    const query = new URLSearchParams({
      state: new URL(url).searchParams.get('state') ?? '',
      code: await createApp(github),
    });
    const callback = `${nexos.api.baseUrl}/api/github/app-manifest/callback?${query.toString()}`;
    const response = await fetch(callback);
    storedPage = await response.text();
    expect(response.status, storedPage).toBe(200);
  }

  it('finds every secret of the project in the database', async () => {
    expect(deployments).toMatchObject([
      { status: 'live' },
      { status: 'live' },
      { status: 'failed', failure: { code: 'hook_failed' } },
    ]);
    const { encryption } = loadConfig({ encryption: EncryptionConfig }, nexos.env);
    const sealer = new Sealer(encryption);
    const own = await sealed('environment_services', 'environment_id');
    const opened = own.map(({ id, kind, sealed }) =>
      sealer.open(sealed, sealIdentity.environmentService(id, kind)),
    );
    expect(opened.sort()).toEqual([...secrets.values()].filter((secret) => secret !== TOKEN).sort());
    for (const { id, kind, sealed: text } of await sealed('project_services', 'project_id')) {
      const password = sealer.open(text, sealIdentity.projectService(id, kind));
      secrets.set(`the administrator's password of ${kind}`, password);
    }
    expect(secrets.size).toBe(5);
    secrets.set('the signing key of a webhook', SIGNING_KEY).set('the address of a channel', CHANNEL_KEY);
    secrets.set("the secret of the project's webhook", webhookSecret);
    const [app] = github.manifests.created;
    expect(await nexos.api.get('/github/app')).toMatchObject({ source: 'stored', problem: null });
    expect(github.requests).toContain('POST /app/installations/1/access_tokens');
    // A line of the key shows it however its line ends are written.
    secrets.set("the GitHub App's private key", app?.secrets.pem.split('\n')[3] ?? '');
    secrets.set("the GitHub App's webhook secret", app?.secrets.webhook ?? '');
    secrets.set("the GitHub App's client secret", app?.secrets.client ?? '');
  });

  it('redacts the logs of builds, hooks, commands and the app, all of which print secrets', async () => {
    const [first, second, failed] = await Promise.all(deployments.map(({ id }) => nexos.api.log(id)));
    const runtime = await nexos.api.get<{ lines: { text: string }[] }>(
      `/environments/${environment.id}/logs`,
    );
    const logs = [textOf(first ?? []), textOf(second ?? []), textOf(failed ?? []), textOf(runtime.lines)];
    expect(logs[0]).toMatch(/the step prints \[redacted\]/);
    expect(logs[0]).toMatch(/the hook prints DATABASE_URL postgres:\/\/[^\n]*\[redacted\]/);
    expect(logs[1]).toMatch(/the step prints \[redacted\]/);
    expect(logs[2]).toMatch(/the hook fails \[redacted\] \[redacted\]/);
    expect(logs[3]).toMatch(/the app prints REDIS_URL [^\n]*\[redacted\]/);
    const output = textOf(await nexos.api.output(execution.id));
    expect(output).toContain('the hook prints TOKEN [redacted]');
    for (const text of [...logs, output]) expectNowhere('a log', text);
  });

  it('keeps secrets out of every API response', async () => {
    const nodes = await nexos.api.get<{ id: string }[]>('/nodes');
    const answers = await getEverything(nexos, {
      accounts: await nexos.column<string>('SELECT id FROM accounts'),
      projects: [project.id],
      environments: [environment.id],
      deployments: deployments.map(({ id }) => id),
      executions: [execution.id],
      nodes: nodes.map(({ id }) => id),
      webhooks: await nexos.column<string>('SELECT id FROM webhooks'),
      deliveries: await nexos.column<string>('SELECT id FROM webhook_deliveries'),
    });
    answers.set('/github/app-manifest/callback', `200 ${storedPage}`);
    expect(answers.size).toBeGreaterThan(25);
    for (const [path, answer] of answers) {
      expect(answer, path).toMatch(/^(200|\{)/);
      expectNowhere(`GET ${path}`, answer);
    }
  });

  it('keeps secrets out of all keys in Redis, and out of all commands sent to it', async () => {
    expectNowhere('Redis', await redisText(nexos.env.REDIS_URL ?? ''));
    expect(watch.commands.some((command) => command.includes(environment.id))).toBe(true);
    expectNowhere('a command to Redis', watch.commands.join('\n'));
  });

  it('keeps secrets out of all database rows and jobs', async () => {
    const text = await databaseText(nexos);
    expect(text).toContain('reconcile-environment');
    expectNowhere('the database', text);
  });

  it('keeps secrets out of all process titles', () => {
    const titles = [...watch.titles].join('\n');
    expect(titles).toContain('node hook.js');
    expectNowhere('the title of a process', titles);
  });

  it("keeps secrets out of the engine, except for the containers' variables", async () => {
    const { text, size } = watch.engineText;
    expect(size).toBeGreaterThan(10);
    expect(text).toContain(project.id);
    expectNowhere('a container or a service', text);
    expectNowhere('an image', await imageText(nexos));
    expectNowhere('a network or a volume', await networkAndVolumeText(nexos));
    const logs = await serviceLogs(nexos);
    expect(logs).toContain('ready to accept connections');
    expectNowhere('the log of a service', logs);
  });

  it('keeps secrets out of the logs of the Nexos apps', () => {
    for (const app of APPS) expectNowhere(`${app}.log`, processLog(nexos, inject('system').home, app));
  });
});
