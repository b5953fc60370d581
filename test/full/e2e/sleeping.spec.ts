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

/** Answers requests with what it was sent, and takes the WebSocket of RFC 6455's example, on which it says nothing. */
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

describe('an environment that nobody uses', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { IDLE_CHECK_MS: '200' } });
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  const statusOf = async ({ id }: Environment) =>
    (await nexos.api.get<Environment>(`/environments/${id}`)).status;
  const untilReads = (id: string, status: string) =>
    eventually(`the environment to be ${status}`, async () => {
      const environment = await nexos.api.get<Environment>(`/environments/${id}`);
      return environment.status === status ? environment : undefined;
    });

  async function anEnvironment(files = webApp('here')): Promise<Environment> {
    const project = await TestProject.create(nexos);
    expect(await project.deploy(files)).toMatchObject({ status: 'live' });
    await nexos.api.request('PATCH', `/projects/${project.id}`, { sleep_after_minutes: 5 });
    const environment = await project.environment();
    return untilReads(environment.id, 'running');
  }

  /** Six minutes pass: the last use of everything is moved into the past, in the ingress and in the database. */
  async function leaveAlone({ id, live_deployment_id }: Environment): Promise<void> {
    const longAgo = (Date.now() - 3_600_000) * 1_000;
    await tellIngress(`experimental-mode on; set var proc.boot int(${longAgo})`);
    await eventually('its rollout to be over', async () => {
      const [settled] = await nexos.column<boolean>(
        'SELECT generation = observed_generation FROM environments WHERE id = $1',
        [id],
      );
      return settled === true ? true : undefined;
    });
    await tellIngress('clear table usage');
    await leaveInDatabase({ id, live_deployment_id });
  }

  async function leaveInDatabase({ id, live_deployment_id }: Pick<Environment, 'id' | 'live_deployment_id'>) {
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

  /** Again and again: a watcher that has read the ingress before may write down what it read after. */
  async function asleep(environment: Environment): Promise<void> {
    await eventually('it to fall asleep', async () => {
      await leaveAlone(environment);
      return (await statusOf(environment)) === 'running' ? undefined : true;
    });
    await untilReads(environment.id, 'sleeping');
    await eventually('its container to be gone', async () =>
      (await nexos.containers(`dev.nexos.environment=${environment.id}`)).length === 0 ? true : undefined,
    );
  }

  /** One command, or several with a semicolon between them, over HAProxy's own socket. */
  function tellIngress(command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: join(nexos.env.INGRESS_SOCKET_DIR ?? '', 'admin.sock') });
      socket.once('connect', () => socket.write(`${command}\n`));
      socket.once('error', reject);
      socket.resume().once('close', () => resolve());
    });
  }

  it('sleeps, and a request wakes it and is answered by the app', async () => {
    const environment = await anEnvironment(ECHO_APP);
    await asleep(environment);
    const sent = { path: '/a//b?x=%20', body: 'kept' };
    const told = await visit(environment.url, sent);
    expect(told).toMatchObject({
      status: 307,
      headers: { location: `${environment.url}/a//b?x=%20`, 'cache-control': 'no-store' },
    });
    expect(await visit(environment.url, sent)).toMatchObject({ status: 200, body: 'POST /a//b?x=%20 kept' });
    expect(await untilReads(environment.id, 'running')).toMatchObject({ status: 'running' });
  });

  it('sleeps, and shows a browser that it wakes until the app is there', async () => {
    const environment = await anEnvironment();
    await asleep(environment);
    const browser = { headers: { accept: 'text/html' } };
    const { status, body } = await visit(environment.url, browser);
    expect(status).toBe(503);
    expect(body).toMatch(/<meta http-equiv="refresh"[\s\S]*main/);
    await eventually('the app', async () =>
      (await visit(environment.url, browser)).body === 'here' ? true : undefined,
    );
  });

  it('wakes onto the version that was pushed while it slept', async () => {
    const project = await TestProject.create(nexos);
    expect(await project.deploy(webApp('old'))).toMatchObject({ status: 'live' });
    await nexos.api.request('PATCH', `/projects/${project.id}`, { sleep_after_minutes: 5 });
    const environment = await project.environment();
    await asleep(environment);
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

  it('does not sleep while a WebSocket is open, and does once it is closed', async () => {
    const environment = await anEnvironment(ECHO_APP);
    const socket = await openSocket(environment.url);
    await leaveAlone(environment);
    // Clearing the table leaves what is in use; that it was written down says that a watcher has looked.
    await eventually('its use to be written down', async () => {
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
    await asleep(environment);
  });

  it('stays paused, whoever asks for it, when somebody paused it', async () => {
    const environment = await anEnvironment();
    await asleep(environment);
    await nexos.api.post(`/environments/${environment.id}/pause`);
    await untilReads(environment.id, 'paused');
    expect(await visit(environment.url)).toMatchObject({ status: 503 });
    expect(await untilReads(environment.id, 'paused')).toMatchObject({ status: 'paused' });
  });
});

/** A WebSocket after its handshake. */
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
