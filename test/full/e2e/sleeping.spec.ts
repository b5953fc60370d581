import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { webApp } from '../../support/nexos/app-source.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject, deleteProjects } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

/** Echoes requests, and accepts the WebSocket of RFC 6455's example, on which it sends nothing. */
const ECHO_APP = {
  ...webApp(''),
  'server.js': `const { createServer } = require('node:http');
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => response.end([request.method, request.url, body].join(' ')));
});
server.on('upgrade', (request, socket) => {
  socket.on('error', () => undefined).on('end', () => socket.end()).resume();
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n' +
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\\r\\n\\r\\n');
});
server.listen(process.env.PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`,
};

describe('an idle environment', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { IDLE_CHECK_MS: '200' } });
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  const statusOf = async ({ id }: Environment) =>
    (await nexos.api.get<Environment>(`/environments/${id}`)).status;
  const untilEnvironmentHasStatus = (id: string, status: string) =>
    eventually(`the environment to be ${status}`, async () => {
      const environment = await nexos.api.get<Environment>(`/environments/${id}`);
      return environment.status === status ? environment : undefined;
    });

  async function anEnvironment(files = webApp('here')): Promise<Environment> {
    const project = await TestProject.create(nexos);
    expect(await project.deploy(files)).toMatchObject({ status: 'live' });
    await nexos.api.request('PATCH', `/projects/${project.id}`, { sleep_after_minutes: 5 });
    const environment = await project.environment();
    return untilEnvironmentHasStatus(environment.id, 'running');
  }

  /** Simulates six idle minutes: backdates the last use in the ingress and in the database. */
  async function makeIdle({ id, live_deployment_id }: Environment): Promise<void> {
    const longAgo = (Date.now() - 3_600_000) * 1_000;
    await sendToIngress(`experimental-mode on; set var proc.boot int(${longAgo})`);
    await eventually('its rollout to be over', async () => {
      const [settled] = await nexos.column<boolean>(
        'SELECT generation = observed_generation FROM environments WHERE id = $1',
        [id],
      );
      return settled === true ? true : undefined;
    });
    await sendToIngress('clear table usage');
    await makeIdleInDatabase({ id, live_deployment_id });
  }

  async function makeIdleInDatabase({
    id,
    live_deployment_id,
  }: Pick<Environment, 'id' | 'live_deployment_id'>) {
    await nexos.database.query(
      `UPDATE deployments SET live_at = now() - interval '6 minutes' WHERE id = $1`,
      [live_deployment_id],
    );
    await nexos.database.query(
      `UPDATE environments SET created_at = now() - interval '6 minutes', resumed_at = NULL,
         last_request_at = now() - interval '6 minutes' WHERE id = $1`,
      [id],
    );
  }

  /** Waits until it sleeps. Repeats `makeIdle`, as a watcher may record an earlier reading of the ingress after it. */
  async function untilAsleep(environment: Environment): Promise<void> {
    await eventually('it to fall asleep', async () => {
      await makeIdle(environment);
      return (await statusOf(environment)) === 'running' ? undefined : true;
    });
    await untilEnvironmentHasStatus(environment.id, 'sleeping');
    await eventually('its container to be gone', async () =>
      (await nexos.containers(`dev.nexos.environment=${environment.id}`)).length === 0 ? true : undefined,
    );
  }

  /** Sends a command, or several separated by semicolons, over HAProxy's own socket. */
  function sendToIngress(command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: join(nexos.env.INGRESS_SOCKET_DIR ?? '', 'admin.sock') });
      socket.once('connect', () => socket.write(`${command}\n`));
      socket.once('error', reject);
      socket.resume().once('close', () => resolve());
    });
  }

  it('wakes on a request, which the app then answers', async () => {
    const environment = await anEnvironment(ECHO_APP);
    await untilAsleep(environment);
    const sent = { path: '/a//b?x=%20', body: 'kept' };
    const redirect = await visit(environment.url, sent);
    expect(redirect).toMatchObject({
      status: 307,
      headers: { location: `${environment.url}/a//b?x=%20`, 'cache-control': 'no-store' },
    });
    expect(await visit(environment.url, sent)).toMatchObject({ status: 200, body: 'POST /a//b?x=%20 kept' });
    expect(await untilEnvironmentHasStatus(environment.id, 'running')).toMatchObject({ status: 'running' });
  });

  it('sleeps and wakes with all of its containers, on a request to any of them', async () => {
    const config = 'containers: [{ name: api, port: 3001, public: true }]\n';
    const environment = await anEnvironment({ ...webApp('here'), 'nexos.yaml': config });
    const { id, url } = environment;
    const api = url.replace(/^(http:\/\/[^.]+)/, '$1-api');
    await untilAsleep(environment);
    expect(await visit(api)).toMatchObject({ status: 307, headers: { location: `${api}/` } });
    expect(await visit(api)).toMatchObject({ status: 200, body: 'here' });
    expect(await visit(url)).toMatchObject({ status: 200, body: 'here' });
    await untilEnvironmentHasStatus(id, 'running');
    expect(await nexos.containers(`dev.nexos.environment=${id}`)).toHaveLength(2);
  });

  it('shows a browser a waiting page until the app is up', async () => {
    const environment = await anEnvironment();
    await untilAsleep(environment);
    const browser = { headers: { accept: 'text/html' } };
    const { status, body } = await visit(environment.url, browser);
    expect(status).toBe(503);
    expect(body).toMatch(/<meta http-equiv="refresh"[\s\S]*main/);
    await eventually('the app', async () =>
      (await visit(environment.url, browser)).body === 'here' ? true : undefined,
    );
  });

  it('wakes on the version pushed while it slept', async () => {
    const project = await TestProject.create(nexos);
    expect(await project.deploy(webApp('old'))).toMatchObject({ status: 'live' });
    await nexos.api.request('PATCH', `/projects/${project.id}`, { sleep_after_minutes: 5 });
    const environment = await project.environment();
    await untilAsleep(environment);
    const sha = await project.push(webApp('new'));
    await eventually('it to be built', async () =>
      (
        await nexos.column('SELECT 1 FROM deployments WHERE commit_sha = $1 AND status = $2', [
          sha,
          'deploying',
        ])
      ).length === 1
        ? true
        : undefined,
    );
    expect(await statusOf(environment)).toBe('sleeping');
    expect(await visit(environment.url)).toMatchObject({ status: 307 });
    expect(await visit(environment.url)).toMatchObject({ status: 200, body: 'new' });
  });

  it('sleeps only once its open WebSocket is closed', async () => {
    const environment = await anEnvironment(ECHO_APP);
    const socket = await openSocket(environment.url);
    await makeIdle(environment);
    // Clearing the table keeps entries in use; the recorded use shows that a watcher has checked.
    await eventually('its use to be recorded', async () => {
      const used = await nexos.column<boolean>(
        `SELECT last_request_at > now() - interval '1 minute' FROM environments WHERE id = $1`,
        [environment.id],
      );
      return used[0] === true ? true : undefined;
    });
    expect(await statusOf(environment)).toBe('running');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
    await untilAsleep(environment);
  });

  it('stays paused despite requests when a user paused it', async () => {
    const environment = await anEnvironment();
    await untilAsleep(environment);
    await nexos.api.post(`/environments/${environment.id}/pause`);
    await untilEnvironmentHasStatus(environment.id, 'paused');
    expect(await visit(environment.url)).toMatchObject({ status: 503 });
    expect(await untilEnvironmentHasStatus(environment.id, 'paused')).toMatchObject({ status: 'paused' });
  });
});

/** Returns the socket of a WebSocket after its handshake. */
function openSocket(url: string): Promise<Socket> {
  const { host, port } = new URL(url);
  const headers = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, headers, agent: false })
      .once('upgrade', (_response: IncomingMessage, socket: Socket) => {
        socket.on('error', () => undefined);
        resolve(socket.resume());
      })
      .once('response', ({ statusCode = 0 }) => reject(new Error(`no upgrade: ${statusCode}`)))
      .once('error', reject)
      .end();
  });
}
