import { execFile, fork, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestSystem } from '../support/global-setup.js';
import type { LogLine } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { ratioOf, type Row } from './table.js';

const LINES = 200_000;
/** BuildKit cuts off the output of a step beyond 1 MiB in total, or 100 KiB per second. */
const STEPS = 2;
const PIECES = 100;
const PIECE = LINES / STEPS / PIECES;
const PIECE_SECONDS = 0.085;
const WATCHERS = 50;
const HERD = 350;
const MIB = 1024;
const WATCHERS_SCRIPT = fileURLToPath(new URL('log-watchers.mjs', import.meta.url));
const run = promisify(execFile);

/** What one stream received. */
interface Watched {
  /** Whether it ended with an `end` event. */
  readonly ended: boolean;
  /** When it received the last line of the build, in milliseconds since the epoch. */
  readonly lastAt?: number;
  /** The hash of its `line` events. */
  readonly hash: string;
}

/**
 * Measures fifty watchers of a build that prints 200,000 lines, against the output of `docker build` piped to one
 * reader, and then many simultaneous requests for the archived log.
 */
export async function benchLogs(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    nodeFlags: [],
    env: {
      RATE_LIMIT_PER_MINUTE: '1000000',
      BUILD_LOG_LIMIT: String(64 * 1024 * 1024),
      LOG_LEVEL: 'info',
      SWEEP_MS: '5000',
      NODE_ENV: 'production',
    },
  });
  try {
    const bare = await benchBare(`dev.nexos.instance=${nexos.instance}`);
    const project = await TestProject.create(nexos);
    const health = watchHealth(nexos);
    const { id, watched, seconds } = await benchWatchers(nexos, project);
    const watching = await health.stop();
    const { texts, hash } = await readArchive(nexos, id);
    const missing = countMissing(texts);
    const different = watched.filter((one) => one.hash !== hash).length;
    const broken = watched.filter(({ ended }) => !ended).length;
    const peak = await peakMemory(nexos);
    const herdHealth = watchHealth(nexos);
    const herd = await stampede(nexos, id);
    const herding = await herdHealth.stop();
    const figures = {
      bench: 'logs',
      bare,
      nexos: { seconds, missing, different, broken, peakMib: peak, slowestHealthMs: watching },
      ratio: Math.round((bare.seconds / seconds) * 100) / 100,
      herd: { statuses: herd, peakMib: await peakMemory(nexos), slowestHealthMs: herding },
    };
    print(figures);
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    const what = `${LINES} lines of a build: one reader, and the last of ${WATCHERS} watchers`;
    const shown = (time: number) => `${time.toFixed(1)} s`;
    return [
      {
        what,
        bare: shown(bare.seconds),
        nexos: shown(seconds),
        ratio: ratioOf(seconds, bare.seconds),
        target: '≤ 1.25',
      },
    ];
  } finally {
    await nexos.stop();
  }
}

/** Returns an app whose build prints the numbers from 1 in several steps. */
function loudApp(): Record<string, string> {
  const step = (first: number) =>
    `RUN : ${randomUUID()}; i=${first}; while [ $i -lt ${first + PIECES * PIECE} ]; do ` +
    `seq $i $((i + ${PIECE - 1})); i=$((i + ${PIECE})); sleep ${PIECE_SECONDS}; done\n`;
  const steps = Array.from({ length: STEPS }, (_, index) => step(index * PIECES * PIECE + 1));
  const files = webApp('loud');
  return { ...files, Dockerfile: `${files.Dockerfile ?? ''}${steps.join('')}` };
}

async function benchBare(label: string): Promise<{ seconds: number; missing: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'nexos-bench-'));
  try {
    for (const [name, content] of Object.entries(loudApp())) await writeFile(join(folder, name), content);
    const began = Date.now();
    const options = ['--label', label, '--tag', `nexos-bench:${randomUUID()}`];
    const build = spawn('docker', ['build', ...options, folder], {
      // BuildKit needs a plug-in of the command that may be missing.
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(build, 'exit');
    const texts: string[] = [];
    for await (const line of createInterface({ input: build.stdout })) {
      if (/^\d+$/.test(line)) texts.push(line);
    }
    const [code] = (await exited) as [number];
    if (code !== 0) throw new Error(`docker build exited with ${code}`);
    return { seconds: (Date.now() - began) / 1000, missing: countMissing(texts) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchWatchers(
  nexos: NexosStack,
  project: TestProject,
): Promise<{ id: string; watched: Watched[]; seconds: number }> {
  const sha = await project.commit(loudApp());
  await project.deliver('main', sha);
  const { latest_deployment_id: id } = await project.environment();
  const watchers = fork(WATCHERS_SCRIPT, {
    env: {
      PATH: process.env.PATH,
      WATCHERS: String(WATCHERS),
      URL: `${nexos.api.baseUrl}/api/deployments/${id ?? ''}/logs`,
      AUTHORIZATION: nexos.api.authorization,
      LAST: String(LINES),
    },
  });
  const [{ results }] = (await Promise.race([
    once(watchers, 'message'),
    once(watchers, 'exit').then(([code]) => Promise.reject(new Error(`the watchers exited with ${code}`))),
  ])) as [{ results: Watched[] }];
  const [startedAt] = await nexos.column<Date>('SELECT started_at FROM deployments WHERE id = $1', [id]);
  const lastAt = Math.max(...results.map((one) => one.lastAt ?? NaN));
  return { id: id ?? '', watched: results, seconds: (lastAt - (startedAt?.getTime() ?? NaN)) / 1000 };
}

/** Reads the log page by page; returns the build's numbers, and the hash of the events that a stream should have sent. */
async function readArchive(nexos: NexosStack, id: string): Promise<{ texts: string[]; hash: string }> {
  const hash = createHash('sha1');
  const texts: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { lines: LogLine[]; next_cursor: string | null } = await nexos.api.get(
      `/deployments/${id}/logs?limit=5000&cursor=${cursor}`,
    );
    for (const { cursor: at, time, stream, text } of page.lines) {
      hash.update(`id: ${at}\nevent: line\ndata: ${JSON.stringify({ time, stream, text })}\n\n`);
      // As `docker build --progress=plain` prints it.
      const printed = /^#\d+ \d+\.\d+ (\d+)$/.exec(text)?.[1];
      if (printed !== undefined) texts.push(printed);
    }
    cursor = page.next_cursor;
  }
  return { texts, hash: hash.digest('hex') };
}

/** Counts the numbers that are not where they should be. */
function countMissing(texts: readonly string[]): number {
  let missing = Math.abs(LINES - texts.length);
  for (const [index, text] of texts.entries()) if (text !== String(index + 1)) missing++;
  return missing;
}

/** Requests one line of the log many times at once; counts the statuses. */
async function stampede(nexos: NexosStack, id: string): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: HERD }, async () => {
      const response = await nexos.api.request('GET', `/deployments/${id}/logs?limit=1`);
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    }),
  );
  return statuses;
}

/** Measures how long `health/live` takes at most, in milliseconds. */
function watchHealth(nexos: NexosStack): { stop: () => Promise<number> } {
  const stopping = new AbortController();
  let slowest = 0;
  const done = (async () => {
    while (!stopping.signal.aborted) {
      // A process of its own: this one may be busy with the responses.
      const { stdout } = await run('curl', [
        ...['-s', '-o', '/dev/null', '-w', '%{time_total}'],
        `${nexos.api.baseUrl}/health/live`,
      ]);
      slowest = Math.max(slowest, Math.round(Number(stdout) * 1000));
      await wait(200);
    }
    return slowest;
  })();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

/** Returns the API's peak of resident memory in MiB. */
async function peakMemory(nexos: NexosStack): Promise<number> {
  const status = await readFile(`/proc/${nexos.app('api').pid ?? ''}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / MIB);
}

function print(figures: {
  bare: { seconds: number; missing: number };
  nexos: {
    seconds: number;
    missing: number;
    different: number;
    broken: number;
    peakMib: number;
    slowestHealthMs: number;
  };
  ratio: number;
  herd: { statuses: Record<string, number>; peakMib: number; slowestHealthMs: number };
}): void {
  const { bare, nexos, ratio, herd } = figures;
  process.stdout.write(`a build of ${LINES} lines
  bare   ${bare.seconds.toFixed(1)} s: docker build, piped to one reader; ${bare.missing} lines missing
  Nexos  ${nexos.seconds.toFixed(1)} s: the last of ${WATCHERS} watchers; ${nexos.missing} lines missing,
         ${nexos.different} streams with other lines, ${nexos.broken} streams broken off
         the API took at most ${nexos.peakMib} MiB, and health/live ${nexos.slowestHealthMs} ms
  ratio  ${ratio}

${HERD} simultaneous requests for one line of that log
  statuses ${JSON.stringify(herd.statuses)}; the API took at most ${herd.peakMib} MiB, and health/live ${herd.slowestHealthMs} ms

`);
}
