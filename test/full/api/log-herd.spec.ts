import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { commit, createProject, problemOf } from '../../integration/api/api-fixture.js';
import { eventually } from '../../support/eventually.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';

const MAX_MIB = 300;

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    nodeFlags: [],
    env: { RATE_LIMIT_PER_MINUTE: '1000000' },
  });
});
afterAll(() => nexos.stop());

/** Creates a deployment with a log of that many lines, archived as earlier versions did. */
async function deploymentWith(lines: number, text: string): Promise<string> {
  const { id: project, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const { latest_deployment_id: id } = await nexos.api.waitForEnvironment(project);
  const archived = Array.from({ length: lines }, (_, index) =>
    JSON.stringify([1, index + 1, '2026-04-10T12:00:00.000Z', 'stdout', `${text}${index + 1}`]),
  );
  await nexos.database.query(
    'INSERT INTO deployment_logs (deployment_id, writer, content) VALUES ($1, 1, $2)',
    [id, await promisify(gzip)(archived.join('\n'))],
  );
  await nexos.database.query(
    `UPDATE deployments SET status = 'failed', failure_code = 'build_timeout', log_writers = 1, finished_at = now()
     WHERE id = $1`,
    [id],
  );
  return id ?? '';
}

/** Returns the API's peak of resident memory in MiB. */
async function peakMemory(): Promise<number> {
  const status = await readFile(`/proc/${nexos.app('api').pid ?? ''}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

describe('many readers of one long log', () => {
  it('get its first line or a 503, while the API stays small', async () => {
    const id = await deploymentWith(200_000, 'line ');
    const responses = await Promise.all(
      Array.from({ length: 350 }, () => nexos.api.request('GET', `/deployments/${id}/logs?limit=1`)),
    );
    for (const response of responses) {
      if (response.status === 200) {
        expect(await response.json()).toMatchObject({ lines: [{ text: 'line 1' }], next_cursor: '1-1' });
      } else {
        expect((await problemOf(response)).status).toBe(503);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    expect(await nexos.api.get(`/deployments/${id}/logs?limit=1`)).toMatchObject({ next_cursor: '1-1' });
    expect(await peakMemory()).toBeLessThan(MAX_MIB);
  });

  it('cannot fill the memory by not receiving what they request', async () => {
    const id = await deploymentWith(4_000, 'x'.repeat(8_000));
    const { port } = new URL(nexos.api.baseUrl);
    const sockets: Socket[] = [];
    const request = (accept: string, query: string) => {
      const socket = connect(Number(port), '127.0.0.1').pause();
      socket.on('error', () => socket.destroy());
      socket.write(
        `GET /api/deployments/${id}/logs${query} HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\n` +
          `authorization: ${nexos.api.authorization}\r\n\r\n`,
      );
      sockets.push(socket);
    };
    try {
      for (let n = 0; n < 300; n++) request('application/json', `?limit=5000&cursor=1-${n * 13 + 1}`);
      for (let n = 0; n < 100; n++) request('text/event-stream', `?cursor=1-${n * 39 + 1}`);
      // Requests by others are answered in the meantime, or get a 503 while too many wait.
      await eventually('another request to be answered', async () => {
        const response = await nexos.api.request('GET', `/deployments/${id}/logs?limit=2`);
        expect([200, 503]).toContain(response.status);
        if (response.status === 503) return undefined;
        expect(((await response.json()) as { lines: unknown[] }).lines).toHaveLength(2);
        return true;
      });
      expect(await peakMemory()).toBeLessThan(MAX_MIB);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});
