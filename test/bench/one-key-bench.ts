import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LimitsConfig } from '@nexos/config';
import type { TestSystem } from '../support/global-setup.js';
import { type ApiClient } from '../support/nexos/api-client.js';
import { ApiDocument } from '../support/nexos/api-document.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { anotherAccount } from '../integration/api/api-fixture.js';
import { createOwnedResources, type OwnedIds, pathWith } from '../integration/api/owned-resources.js';
import { processed } from './pushes.js';
import { printSpread, type Spread, spread } from './spread.js';
import { ratioOf, type Row } from './table.js';

const SECONDS = 30;
const EVERY_MS = 50;
/** As many as one key may hold open. */
const STREAMS = 100;
const WAITS = 100;
const UNREAD = 50;
const AUDIT_LINES = 50_000;
const KIB_PER_MIB = 1_024;
const LOAD = fileURLToPath(new URL('one-key-load.mjs', import.meta.url));

/**
 * Measures what one key that uses all routes as much as its rate limit allows does to requests of another account, and to the
 * API's memory: streams, requests that wait, exports, large bodies, and clients that do not read.
 */
export async function benchOneKey(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    apps: ['api', 'integrations'],
    nodeFlags: [],
    env: { LOG_LEVEL: 'info', NODE_ENV: 'production', SWEEP_MS: '5000' },
  });
  try {
    const ids = await createOwnedResources(nexos);
    await processed(nexos);
    await nexos.database.query(
      `INSERT INTO audit_log (account_id, project_id, action, actor, subject, after)
       SELECT account_id, id, 'project.update', 'key_bench', id, jsonb_build_object('build_args', repeat('x', 500))
       FROM projects CROSS JOIN generate_series(1, $1) WHERE id = $2`,
      [AUDIT_LINES, ids.proj],
    );
    const { api: other } = await anotherAccount(nexos, 'another account');
    const paths = await pathsOfAnother(other);
    await measure(other, paths);
    const idleMib = memoryOf(nexos, 'VmRSS');
    const idle = spread(await measure(other, paths));
    const { statuses, busy } = await beside(nexos, ids, () => measure(other, paths));
    const peakMib = memoryOf(nexos, 'VmHWM');
    const figures = { idle, busy: spread(busy), idleMib, peakMib, statuses };
    print(figures);
    return rowsOf(figures);
  } finally {
    await nexos.stop();
  }
}

/** Creates what the other account reads, and returns its paths. */
async function pathsOfAnother(api: ApiClient): Promise<string[]> {
  const { id } = await api.post<{ id: string }>('/projects', { name: 'other', github_repo: 'bench/other' });
  return ['/projects', `/projects/${id}`, `/projects/${id}/environments`, '/quota'];
}

/** Returns the milliseconds of requests of the other account, for the time of a turn. */
async function measure(api: ApiClient, paths: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  const end = Date.now() + SECONDS * 1_000;
  for (let at = 0; Date.now() < end; at++) {
    const began = performance.now();
    await api.get(paths[at % paths.length] ?? '');
    times.push(performance.now() - began);
    await wait(Math.max(0, EVERY_MS - (performance.now() - began)));
  }
  return times;
}

interface Load {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Measures while a process of its own loads the API with the operator's key. */
async function beside(
  nexos: NexosStack,
  ids: OwnedIds,
  work: () => Promise<number[]>,
): Promise<{ statuses: Load['statuses']; busy: number[] }> {
  const { operations } = await ApiDocument.fetch(nexos.api.baseUrl);
  const isRead = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && !path.startsWith('/auth/github');
  const reads = operations.filter(isRead).map((operation) => pathWith(operation, (kind) => ids[kind]));
  const log = `/deployments/${ids.dep ?? ''}/logs`;
  const plan = {
    rate: new LimitsConfig().requestsPerMinute / 60,
    seconds: SECONDS + 5,
    reads: [...reads, '/audit?limit=100'],
    exports: ['/audit'],
    streams: Array.from({ length: STREAMS }, () => log),
    waits: Array.from({ length: WAITS }, () => `/deployments/${ids.dep ?? ''}?wait=30`),
    unread: Array.from({ length: UNREAD }, () => '/audit?limit=100'),
  };
  const load = fork(LOAD, {
    env: {
      PATH: process.env.PATH,
      BASE_URL: nexos.api.baseUrl,
      AUTHORIZATION: nexos.api.authorization,
      PLAN: JSON.stringify(plan),
    },
  });
  await once(load, 'message');
  const ended = once(load, 'message') as Promise<[Load]>;
  const busy = await work();
  const [{ statuses }] = await ended;
  return { statuses, busy };
}

/** Returns the resident memory of the API in MiB: now, or at most so far. */
function memoryOf(nexos: NexosStack, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${nexos.app('api').pid ?? ''}/status`, 'utf8');
  const [, kib = ''] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Math.round(Number(kib) / KIB_PER_MIB);
}

interface Figures {
  readonly idle: Spread;
  readonly busy: Spread;
  readonly idleMib: number;
  readonly peakMib: number;
  readonly statuses: Load['statuses'];
}

function rowsOf({ idle, busy, idleMib, peakMib }: Figures): Row[] {
  return [
    {
      what: 'requests of an account beside a key at its limit, p99',
      bare: `${idle.p99} ms`,
      nexos: `${busy.p99} ms`,
      ratio: ratioOf(busy.p99, idle.p99),
      target: '≤ 2',
    },
    {
      what: 'memory of the API beside that key, at most',
      bare: `${idleMib} MiB`,
      nexos: `${peakMib} MiB`,
      ratio: ratioOf(peakMib, idleMib),
      target: null,
    },
  ];
}

function print(figures: Figures): void {
  printSpread('requests of another account, nothing else', figures.idle);
  printSpread('the same beside a key at its limit (target: twice the p99)', figures.busy);
  process.stdout.write(
    `memory of the API  ${figures.idleMib} MiB before, ${figures.peakMib} MiB at most\n` +
      `what the key got  ${JSON.stringify(figures.statuses)}\n\n`,
  );
  process.stdout.write(`${JSON.stringify({ bench: 'one-key', ...figures })}\n`);
}
