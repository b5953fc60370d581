import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import type { AppProcess } from '../../support/nexos/app-process.js';
import { WEBHOOK_SECRET } from '../../support/nexos/installation.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload, WebhookSender } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf } from './api-fixture.js';

/** A TCP proxy to a server whose connection can be cut and restored, or be accepted but not answered. */
class TcpProxy {
  private readonly ends = new Set<Socket>();
  private isFrozen = false;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly to: URL) {}

  /** Starts to listen; returns the URL of the server as reached through the proxy. */
  async listen(): Promise<string> {
    this.server = createServer((client) => this.accept(client));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return Object.assign(new URL(this.to), { hostname: '127.0.0.1', port: String(this.port) }).href;
  }

  async cut(): Promise<void> {
    for (const end of this.ends) end.destroy();
    this.ends.clear();
    const { server } = this;
    if (server?.listening !== true) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  /** Keeps all connections open, but passes nothing on: what a stopped server looks like. */
  freeze(): void {
    this.isFrozen = true;
    for (const end of this.ends) end.pause();
  }

  /** Passes on what has waited since. */
  thaw(): void {
    this.isFrozen = false;
    for (const end of this.ends) end.resume();
  }

  private accept(client: Socket): void {
    const server = connect(Number(this.to.port || 5432), this.to.hostname);
    for (const end of [client, server]) this.ends.add(end.on('error', () => end.destroy()));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (data) => to.write(data));
      from.on('end', () => to.end());
      if (this.isFrozen) from.pause();
    }
  }
}

let nexos: NexosStack;
let proxy: TcpProxy;
let process: AppProcess;
let api: ApiClient;
beforeAll(async () => {
  const system = inject('system');
  nexos = await NexosStack.start(system, { apps: ['api'] });
  proxy = new TcpProxy(new URL(nexos.env.DATABASE_URL ?? ''));
  const port = String(await anyPort());
  process = nexos.secondProcess('api', {
    PORT: port,
    DATABASE_URL: await proxy.listen(),
    DATABASE_POOL_SIZE: '2',
    DATABASE_TIMEOUT_MS: '3000',
  });
  api = new ApiClient(`http://127.0.0.1:${port}`, system.template.key);
  process.start();
  await isReady();
});
afterAll(async () => {
  await process.stop('SIGKILL');
  await proxy.cut();
  await nexos.stop();
});

const isReady = () =>
  eventually('the API to be ready', async () => {
    const response = await fetch(`${api.baseUrl}/health/ready`).catch(() => null);
    return response?.status === 200 ? true : undefined;
  });
/** Checks for a 503 about the database that says when to retry. */
async function expect503(response: Response): Promise<void> {
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await problemOf(response)).toMatchObject({
    type: 'urn:nexos:problem:service-unavailable',
    detail: expect.stringContaining('database') as string,
  });
}
const requests: [string, string, string, object?][] = [
  ['to read', 'GET', '/projects'],
  ['to write', 'POST', '/projects', { name: 'away', github_repo: 'acme/away' }],
  ['to wait', 'GET', `/deployments/dep_${'0'.repeat(26)}?wait=1`],
];

describe('the API without Postgres', () => {
  it('returns 503 with Retry-After until Postgres is back', async () => {
    expect((await api.request('GET', '/projects')).status).toBe(200);
    await proxy.cut();
    for (const [, method, path, body] of requests) await expect503(await api.request(method, path, body));
    const keyed = { 'idempotency-key': 'away' };
    await expect503(await api.request('POST', '/projects', requests[1]?.[3], keyed));
    await proxy.listen();
    await isReady();
    expect((await api.request('POST', '/projects', requests[1]?.[3], keyed)).status).toBe(201);
  });

  it('logs each failed request without a stack trace', async () => {
    const home = join(inject('system').home, 'test', nexos.instance);
    const lines = (await readFile(join(home, 'api-2.log'), 'utf8')).split('\n');
    const away = lines.filter((line) => line.includes('GET /api/projects:'));
    expect(away.length).toBeGreaterThan(0);
    for (const line of away) expect(line).not.toMatch(/\.js:\d|\.ts:\d|"stack"/);
  });
});

describe('the API with a Postgres that accepts connections but does not answer', () => {
  afterEach(() => proxy.thaw());
  /** Sends a request; returns its response and how long it took. */
  const timed = async (send: () => Promise<Response>) => {
    const began = performance.now();
    const response = await send();
    return { response, seconds: (performance.now() - began) / 1_000 };
  };
  const push = (id: string, repository: string) =>
    new WebhookSender(`${api.baseUrl}/api/webhooks/github`, WEBHOOK_SECRET, nexos.api).send(
      'push',
      pushPayload({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) }),
      { id },
    );

  it('answers 503 before clients and GitHub give up, and recovers by itself with nothing lost or done twice', async () => {
    const { id: project, repository } = await createProject(nexos);
    const key = { 'idempotency-key': 'frozen' };
    const body = { name: 'frozen', github_repo: 'acme/frozen' };
    expect((await api.request('GET', '/projects')).status).toBe(200);
    proxy.freeze();
    // More than there are connections, and more than are handled at a time.
    const reads = Array.from({ length: 8 }, () => timed(() => api.request('GET', `/projects/${project}`)));
    const writes = Array.from({ length: 4 }, () => timed(() => api.request('POST', '/projects', body, key)));
    const live = timed(() => fetch(`${api.baseUrl}/health/live`));
    const webhooks = Array.from({ length: 4 }, (_, n) => timed(() => push(`frozen-${n}`, repository)));
    expect(await live).toMatchObject({ response: { status: 200 } });
    for (const { response, seconds } of await Promise.all(reads)) {
      await expect503(response);
      expect(seconds * 1_000).toBeLessThan(PROMPT_MS);
    }
    for (const { response, seconds } of await Promise.all(writes)) {
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(seconds * 1_000).toBeLessThan(PROMPT_MS);
    }
    for (const { response, seconds } of await Promise.all(webhooks)) {
      await expect503(response);
      expect(seconds * 1_000).toBeLessThan(PROMPT_MS);
    }
    // Once it is known, requests do not wait any longer.
    let fastest = Infinity;
    for (let n = 0; n < 3; n++) {
      const late = await timed(() => api.request('GET', '/projects'));
      await expect503(late.response);
      fastest = Math.min(fastest, late.seconds);
    }
    expect(fastest).toBeLessThan(2);
    proxy.thaw();
    await isReady();
    const repeated = await api.request('POST', '/projects', body, key);
    expect(repeated.status).toBe(201);
    expect(await nexos.column(`SELECT id FROM projects WHERE name = 'frozen'`)).toHaveLength(1);
    const again = await Promise.all([0, 1, 2, 3].map((n) => push(`frozen-${n}`, repository)));
    expect(again.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await nexos.column(`SELECT id FROM webhook_deliveries WHERE id LIKE 'frozen-%'`)).toHaveLength(4);
    await eventually('no query to be left', async () => {
      const running = await nexos.column(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
           AND pid <> pg_backend_pid()`,
      );
      return running.length === 0 ? true : undefined;
    });
  });
});

describe('the API with all of its Postgres connections in use', () => {
  it('returns 503 with Retry-After', async () => {
    await nexos.database.query('BEGIN');
    await nexos.database.query('LOCK TABLE projects IN ACCESS EXCLUSIVE MODE');
    const held = [api.request('GET', '/projects'), api.request('GET', '/projects')];
    try {
      await eventually('both connections to wait', async () => {
        const waiting = await nexos.column(
          `SELECT 1 FROM pg_locks WHERE relation = 'projects'::regclass AND NOT granted`,
        );
        return waiting.length === 2 ? true : undefined;
      });
      await expect503(await api.request('GET', '/projects'));
    } finally {
      await nexos.database.query('COMMIT');
    }
    for (const response of await Promise.all(held)) await expect503(response);
    await eventually('an answer', async () =>
      (await api.request('GET', '/projects')).status === 200 ? true : undefined,
    );
  });
});
