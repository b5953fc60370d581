import { type ServiceTask } from '@nexos/engine';
import { IngressUnavailableError, type ProbeResult } from '@nexos/ingress';
import { type Container, containersOf, deploymentSettings } from '@nexos/settings';
import { type ContainerRunsRepository, type RunFacts } from '@nexos/state';
import { describe, expect, it } from 'vitest';
import { noCapacity, StartFailures } from './start-failures.js';

const [APP] = containersOf(deploymentSettings({ cpu: 64, start_timeout_seconds: 90 }));
const API: Container = { ...APP, name: 'api', index: 1, port: 3001 };
const WORKER: Container = { ...API, name: 'worker', port: null };
const task = (change: Partial<ServiceTask>) =>
  ({ state: 'running', containerId: 'c', ...change }) as ServiceTask;
const exits = (exitCode: number, change: Partial<ServiceTask> = {}) =>
  Array.from({ length: 3 }, (_, i) => task({ state: 'failed', exitCode, containerId: `c${i}`, ...change }));
const FACTS: RunFacts = {
  isOver: false,
  isOutOfMemory: false,
  outOfMemoryAt: null,
  listeners: [],
  commandProblem: null,
};

/** The failures of a version about whose containers an agent has reported the same facts. */
function failures(facts: Partial<RunFacts> = {}): StartFailures {
  const factsOf = (ids: readonly string[]) => Promise.resolve(ids.map(() => ({ ...FACTS, ...facts })));
  return new StartFailures({ factsOf } as unknown as ContainerRunsRepository);
}
const afterTimeout = (
  finding: ProbeResult | null,
  facts: Partial<RunFacts> = {},
  tasks = [task({})],
  container = APP,
  again = finding,
) => failures(facts).ofTimeout(container, finding, tasks, { probeAgain: () => Promise.resolve(again) });

describe('StartFailures of an app that does not answer in time', () => {
  it.each<[string, ProbeResult | null, Partial<RunFacts>, string, RegExp]>([
    [
      'nothing listens',
      { kind: 'refused' },
      {},
      'app_not_answering',
      /^Nothing in the container listened on a TCP port within 90 s/,
    ],
    [
      'it listens on 127.0.0.1 only',
      { kind: 'refused' },
      { listeners: [{ address: '127.0.0.1', port: 3000 }] },
      'app_not_answering',
      /listens on 127\.0\.0\.1 only \(port 3000\)/,
    ],
    [
      'it never responds',
      { kind: 'timeout' },
      {},
      'app_not_answering',
      /accepts connections on port 3000 but did not respond to GET \/ within 90 s/,
    ],
    ['it closes connections', { kind: 'broken' }, {}, 'app_not_answering', /closed them without responding/],
    [
      'it responds 503',
      { kind: 'answered', status: 503 },
      {},
      'app_unhealthy',
      /^GET \/ answered 503 for 90 s/,
    ],
    [
      'one of its processes ran out of memory',
      { kind: 'refused' },
      { outOfMemoryAt: new Date() },
      'app_exited',
      /ran out of memory and was killed: it may use 512 MiB/,
    ],
  ])('says that %s', async (_what, finding, facts, code, message) => {
    expect(await afterTimeout(finding, facts)).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each<[string, ProbeResult, string, RegExp]>([
    ['is still refused', { kind: 'refused' }, 'app_not_answering', /on IPv6 only/],
    ['is closed', { kind: 'broken' }, 'app_not_answering', /closed them without responding/],
    ['gets no response', { kind: 'timeout' }, 'app_not_answering', /did not respond to GET \//],
    ['gets a 503', { kind: 'answered', status: 503 }, 'app_unhealthy', /^GET \/ answered 503/],
    [
      'is answered',
      { kind: 'answered', status: 200 },
      'app_not_answering',
      /^The app answered GET \/ for the first time after 90 s: make it start sooner, or raise start_timeout_seconds/,
    ],
  ])('probes once more an app that listens at last, which %s', async (_what, again, code, message) => {
    const facts = { listeners: [{ address: '::', port: 3000 }] };
    expect(await afterTimeout({ kind: 'refused' }, facts, undefined, undefined, again)).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('says of a container that answers no HTTP that it may have no port', async () => {
    expect(await afterTimeout({ kind: 'broken' }, {}, [task({})], API)).toMatchObject({
      code: 'app_not_answering',
      message: expect.stringMatching(
        /HTTP requests there, or remove its port if it is not meant to\.$/,
      ) as string,
    });
  });

  it('says what it knows when no agent can tell where it listens', async () => {
    expect(await afterTimeout({ kind: 'refused' }, { listeners: null })).toMatchObject({
      code: 'app_not_answering',
      message: expect.stringMatching(
        /^The app did not answer on port 3000 within 90 s\. Make it listen/,
      ) as string,
    });
  });

  it('reports no_capacity for an app that no node has room for', async () => {
    expect(await afterTimeout(null, {}, [task({ state: 'pending' })])).toMatchObject({
      code: 'no_capacity',
      message: expect.stringContaining('64 CPU and 512 MiB of memory within 90 s') as string,
    });
  });

  it('does not blame an app that runs when the ingress never gets its address', async () => {
    expect(await afterTimeout({ kind: 'unresolved' })).toBeInstanceOf(IngressUnavailableError);
  });

  it('reports the exits of an app that exits seldom', async () => {
    const tasks = [task({}), task({ state: 'failed', exitCode: 2 })];
    expect(await afterTimeout({ kind: 'refused' }, { isOver: true }, tasks)).toMatchObject({
      code: 'app_exited',
      message: expect.stringContaining('exited once, last with code 2') as string,
    });
  });
});

describe('StartFailures of an app that exits', () => {
  const down = (
    facts: Partial<RunFacts>,
    tasks: readonly ServiceTask[] = exits(137),
    container: Container = APP,
  ) => failures({ isOver: true, ...facts }).throwIfDown(container, tasks);

  it('lets it exit twice', async () => {
    await down({}, exits(1).slice(1));
  });

  it.each<[string, Partial<RunFacts>, RegExp]>([
    ['it ran out of memory', { isOutOfMemory: true }, /ran out of memory 3 times: it may use 512 MiB/],
    ['it exited with a code', {}, /exited 3 times, last with code 137/],
    [
      'its script has CRLF line endings',
      { commandProblem: { kind: 'crlf', file: './start.sh', interpreter: null } },
      /^The script \.\/start\.sh has CRLF line endings/,
    ],
    [
      'it must be process 1',
      { commandProblem: { kind: 'needs-process-1', file: '/init', interpreter: null } },
      /^\/init must run as process 1 .* set init \(app\.init in nexos\.yaml\) to false/,
    ],
  ])('says that %s', async (_what, facts, message) => {
    await expect(down(facts)).rejects.toMatchObject({
      code: 'app_exited',
      message: expect.stringMatching(message) as string,
    });
  });

  it('says at once that the engine cannot run the command, whatever Swarm calls that', async () => {
    const error =
      'starting container failed: OCI runtime create failed: exec: "./start.sh": permission denied';
    await expect(down({}, [task({ state: 'failed', exitCode: 126, error })])).rejects.toMatchObject({
      message: expect.stringMatching(/^\.\/start\.sh is not executable/) as string,
    });
  });

  it.each<[string, Partial<ServiceTask>]>([
    ['failed', { state: 'failed', exitCode: 128, error: 'starting container failed: something else' }],
    ['was rejected', { state: 'rejected', error: 'something else' }],
  ])('does not blame an app whose container %s, and lets the engine try again', async (_what, change) => {
    const attempts = exits(128, change);
    await down({}, attempts.slice(1));
    await expect(down({}, attempts)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^The container could not be started: the engine failed to 3 times\./,
      ) as string,
    });
    const ended = exits(127).slice(1);
    const commandProblem = { kind: 'crlf', file: './start.sh', interpreter: null } as const;
    await expect(down({ commandProblem }, [...attempts.slice(2), ...ended])).rejects.toMatchObject({
      message: expect.stringMatching(/^The script \.\/start\.sh has CRLF/) as string,
    });
  });

  it.each<[string, string, RegExp]>([
    ['write /x: no space left on device', 'disk_full', /full/],
    ['No such image: sha256:1', 'image_missing', /no longer on its node/],
    ['exec: "./start.sh": permission denied: unknown', 'app_exited', /^\.\/start\.sh is not executable/],
    [
      'exec: "/bin/sh": stat /bin/sh: no such file or directory',
      'app_exited',
      /needs \/bin\/sh, a shell that the image lacks/,
    ],
    [
      'exec: "nothing": executable file not found in $PATH',
      'app_exited',
      /^The command nothing does not exist/,
    ],
    [
      'unable to find user app: no matching entries in passwd file',
      'app_exited',
      /has no user app, which the USER/,
    ],
  ])('reads from an engine that says "%s"', async (error, code, message) => {
    await expect(down({}, [task({ state: 'rejected', error })])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each<[string, Partial<RunFacts>, Container, RegExp]>([
    [
      'a worker exits',
      {},
      WORKER,
      /^The container exited 3 times, last with code 137, but it must keep running\. /,
    ],
    ['a worker runs out of memory', { isOutOfMemory: true }, WORKER, /^The container ran out of memory/],
    [
      'its init must be process 1',
      { commandProblem: { kind: 'needs-process-1', file: '/init', interpreter: null } },
      API,
      /set its init to false\.$/,
    ],
    [
      'its command does not exist',
      { commandProblem: { kind: 'not-found', file: 'nothing', interpreter: null } },
      API,
      /correct its command, CMD or ENTRYPOINT/,
    ],
  ])('speaks of a further container when %s', async (_what, facts, container, message) => {
    await expect(down(facts, exits(137), container)).rejects.toMatchObject({
      code: 'app_exited',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('StartFailures of a further container that does not come up in time', () => {
  it.each<[string, Container, ProbeResult | null, Partial<RunFacts>, RegExp]>([
    [
      'it listens on another port',
      API,
      { kind: 'refused' },
      { listeners: [{ address: '0.0.0.0', port: 80 }] },
      /^The container listens on port 80 instead of 3001: .* or set its port to/,
    ],
    [
      'it never responds',
      API,
      { kind: 'timeout' },
      {},
      /^The container accepts connections on port 3001 .* or raise its start_timeout_seconds\.$/,
    ],
    [
      'it has no port and does not stay up',
      WORKER,
      null,
      {},
      /^The container did not stay up for 5 s within 90 s/,
    ],
  ])('says that %s', async (_what, container, finding, facts, message) => {
    expect(await afterTimeout(finding, facts, [task({})], container)).toMatchObject({
      code: 'app_not_answering',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('noCapacity', () => {
  it('says what each of several containers needs', () => {
    expect(noCapacity([APP, { ...WORKER, cpu: 1, memory_mb: 256 }], 90).message).toMatch(
      /^The nodes had no room for all containers together within 90 s: app needs 64 CPU and 512 MiB of memory, worker needs 1 CPU and 256 MiB of memory\. Lower/,
    );
  });
});
