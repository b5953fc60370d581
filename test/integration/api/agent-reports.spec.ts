import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AGENT_REPORT_LIMITS,
  type AgentReport,
  type ContainerEnd,
  type ContainerRun,
} from '@nexos/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject } from './api-fixture.js';

let nexos: SharedApi;
let environmentId: string;
let deploymentId: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
beforeEach(async () => {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  ({ id: environmentId } = await nexos.api.waitForEnvironment(projectId, 'main'));
  [deploymentId = ''] = await nexos.column<string>(
    `UPDATE deployments SET status = 'live', live_at = '2026-11-29T10:00:00Z' WHERE environment_id = $1 RETURNING id`,
    [environmentId],
  );
  await nexos.database.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
    [environmentId, deploymentId],
  );
});
afterAll(() => nexos.leave());

const socketPath = () => join(nexos.env.INGRESS_SOCKET_DIR ?? '', 'agent.sock');

function send(body: string | Buffer, { path = '/reports', method = 'POST' } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socketPath(), path, method, agent: false }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode ?? 0));
    });
    // The API answers, and then closes the connection, before it has read a body that is too large.
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    outgoing.end(body);
  });
}
const report = (change: Partial<AgentReport>) =>
  send(JSON.stringify({ machine: 'node1', containers: [], listed: null, ...change }));

/** Ids of containers of this test, in order. */
let ID: string;
let OTHER_ID: string;
beforeEach(() => {
  const random = randomBytes(31).toString('hex');
  [ID, OTHER_ID] = [`aa${random}`, `bb${random}`];
});
const END: ContainerEnd = {
  at: '2026-11-29T10:00:20.123456789Z',
  code: 137,
  isOutOfMemory: true,
  isUnhealthy: false,
  isStopped: false,
  lines: [{ time: '2026-11-29T10:00:19.5Z', stream: 'stdout', text: 'a secret of the app' }],
  commandProblem: null,
};
const run = (change: Partial<ContainerRun> = {}): ContainerRun => ({
  id: ID,
  deploymentId,
  container: 'app',
  name: 'an-app.1.x',
  address: '10.128.0.7',
  startedAt: '2026-11-29T10:00:10.5Z',
  listeners: null,
  outOfMemoryAt: null,
  end: null,
  ...change,
});
const withRun = (change: object) => ({ machine: 'n', containers: [{ ...run(), ...change }], listed: null });
const withProblem = (commandProblem: object) => withRun({ end: { ...END, commandProblem } });
const rows = async () => {
  const { rows: found } = await nexos.database.query<Record<string, unknown>>(
    `SELECT id, ending, exit_code, out_of_memory, sealed_lines, ended_at FROM container_runs
     WHERE deployment_id = $1 ORDER BY id`,
    [deploymentId],
  );
  return found;
};

describe("an agent's report", () => {
  it('arrives over a socket that only its owner may use', async () => {
    const { mode } = await stat(socketPath());
    expect(mode & 0o777).toBe(0o600);
    expect(await send('', { method: 'GET' })).toBe(404);
    expect(await send('{}', { path: '/api/projects' })).toBe(404);
  });

  it('records a run, then its end, and changes nothing when it is repeated or late', async () => {
    expect(await report({ containers: [run()] })).toBe(204);
    expect(await rows()).toMatchObject([{ ending: null }]);
    expect(await report({ containers: [run({ end: END })] })).toBe(204);
    const [first] = await rows();
    expect(first).toMatchObject({ ending: 'exited', exit_code: 137, out_of_memory: true });
    expect(String(first?.sealed_lines)).toMatch(/^v1\./);
    expect(JSON.stringify(first)).not.toContain('a secret of the app');
    await report({ containers: [run({ end: { ...END, code: 1 } })] });
    await report({ containers: [run()] });
    expect(await rows()).toEqual([first]);
  });

  it('tells a container that has vanished from one that ended', async () => {
    await report({ containers: [run(), run({ id: OTHER_ID })] });
    await report({ listed: { at: '2026-11-29T10:01:00Z', ids: [OTHER_ID] } });
    expect(await rows()).toMatchObject([{ ending: 'gone', exit_code: null }, { ending: null }]);
    // Its end, reported late, is what counts.
    await report({ containers: [run({ end: END })] });
    expect(await rows()).toMatchObject([{ ending: 'exited', exit_code: 137 }, { ending: null }]);
  });

  it('ignores containers of deployments that do not exist, and of other deployments than before', async () => {
    const other = `dep_${'0'.repeat(26)}`;
    expect(await report({ containers: [run({ deploymentId: other }), run({ id: OTHER_ID })] })).toBe(204);
    expect(await rows()).toMatchObject([{ id: OTHER_ID }]);
  });

  it.each<[string, () => unknown]>([
    ['no object', () => []],
    ['nothing', () => null],
    ['an unknown field', () => ({ machine: 'n', containers: [], listed: null, more: 1 })],
    ['a missing field', () => ({ machine: 'n', containers: [] })],
    ['a machine that is not an id', () => ({ machine: '../x', containers: [], listed: null })],
    ['a container that is not an object', () => ({ machine: 'n', containers: [1], listed: null })],
    [
      'a container id that is too short',
      () => ({ machine: 'n', containers: [run({ id: 'abc' })], listed: null }),
    ],
    ['an invalid time', () => ({ machine: 'n', containers: [run({ startedAt: 'now' })], listed: null })],
    [
      'an invalid day',
      () => ({ machine: 'n', containers: [run({ startedAt: '2026-19-39T10:00:00Z' })], listed: null }),
    ],
    [
      'an invalid address',
      () => ({ machine: 'n', containers: [run({ address: 'localhost' })], listed: null }),
    ],
    [
      'an invalid exit code',
      () => ({ machine: 'n', containers: [run({ end: { ...END, code: 1e9 } })], listed: null }),
    ],
    [
      'too many lines',
      () => ({
        machine: 'n',
        containers: [
          run({ end: { ...END, lines: Array.from({ length: 21 }, () => END.lines[0] ?? never()) } }),
        ],
        listed: null,
      }),
    ],
    [
      'too many containers',
      () => ({ machine: 'n', containers: Array.from({ length: 51 }, () => run()), listed: null }),
    ],
    ['a host name instead of an address', () => withRun({ listeners: [{ address: 'localhost', port: 80 }] })],
    ['a port beyond the last one', () => withRun({ listeners: [{ address: '::', port: 65_536 }] })],
    [
      'more sockets than a report may have',
      () => withRun({ listeners: Array.from({ length: 21 }, (_, port) => ({ address: '::', port })) }),
    ],
    ['an unknown problem', () => withProblem({ kind: 'magic', file: 'x', interpreter: null })],
    ['a line break in a file', () => withProblem({ kind: 'crlf', file: 'x\n', interpreter: null })],
    ['a listing without a time', () => ({ machine: 'n', containers: [], listed: { ids: [] } })],
    ['a null character', () => ({ machine: 'n', containers: [run({ name: 'a\u0000b' })], listed: null })],
  ])('is refused with %s', async (_what, body) => {
    expect(await send(JSON.stringify(body()))).toBe(400);
    expect(await rows()).toEqual([]);
  });

  it('is refused when it is not JSON, or too large', async () => {
    expect(await send('{')).toBe(400);
    expect(await send(Buffer.from([0xff, 0xfe]))).toBe(400);
    expect(await send(Buffer.alloc(AGENT_REPORT_LIMITS.bytes + 1, ' '))).toBe(413);
    // The server goes on.
    expect(await report({})).toBe(204);
  });
});

describe('the health in a response', () => {
  const read = () => nexos.api.get<Environment>(`/environments/${environmentId}`);
  const health = async () => (await read()).health;
  const record = (change: string) =>
    nexos.database.query(
      `INSERT INTO environment_health (environment_id, deployment_id, state, message, restarts, last_exit_at,
         last_exit_code, last_exit_out_of_memory, since)
       VALUES ($1, $2, 'out_of_memory', 'Raise memory_mb.', 2, '2026-11-29T10:00:20Z', 137, true, '2026-11-29T10:00:21Z')
       ON CONFLICT (environment_id) DO UPDATE SET ${change}`,
      [environmentId, deploymentId],
    );

  it('is an error while the version keeps exiting', async () => {
    const error = { code: 'app_exited', message: 'Raise memory_mb.', at: '2026-11-29T10:00:21.000Z' };
    const errors = [
      ['out_of_memory', error],
      ['crash_looping', error],
      ['starting', null],
      ['unreachable', null],
      ['healthy', null],
    ] as const;
    await record('restarts = 2');
    for (const [state, expected] of errors) {
      await record(`state = '${state}'`);
      expect(await read()).toMatchObject({ health: { state }, last_error: expected });
    }
    await nexos.database.query('DELETE FROM environment_health WHERE environment_id = $1', [environmentId]);
  });

  it('is that of the live version of a running environment, and null otherwise', async () => {
    expect(await health()).toBeNull();
    await record('restarts = 2');
    expect(await health()).toEqual({
      state: 'out_of_memory',
      since: '2026-11-29T10:00:21.000Z',
      restarts: 2,
      last_exit: { code: 137, signal: 'SIGKILL', out_of_memory: true, at: '2026-11-29T10:00:20.000Z' },
      message: 'Raise memory_mb.',
    });
    await record('last_exit_at = NULL, last_exit_code = NULL');
    expect((await health())?.last_exit).toBeNull();
    await record(`deployment_id = 'dep_of_before'`);
    expect(await health()).toBeNull();
    await record('deployment_id = excluded.deployment_id');
    for (const change of [
      `desired_state = 'paused'`,
      `status = 'paused'`,
      `status = 'destroyed', destroyed_at = now()`,
    ]) {
      await nexos.database.query(`UPDATE environments SET ${change} WHERE id = $1`, [environmentId]);
      expect(await health()).toBeNull();
    }
  });
});

function never(): never {
  throw new Error('there is a line');
}
