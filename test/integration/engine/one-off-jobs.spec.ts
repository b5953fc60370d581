import { jobName, type OneOffJobSpec, type OutputLine } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  type EngineFixture,
  engineFixture,
  eventually,
  INSTANCE,
  newOwner,
  rawEngine,
  removeLeftovers,
  nextTestSubnet,
} from './engine-fixture.js';

let fixture: EngineFixture;
let image: string;
let nodeId: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
  image = (await fixture.images.inspect(BASE_IMAGE)).id;
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

function jobOf(script: string, overrides: Partial<OneOffJobSpec> = {}): OneOffJobSpec {
  const owner = { ...newOwner(), projectId };
  return {
    owner,
    ownerId: owner.deploymentId,
    kind: 'test',
    run: '1',
    image,
    nodeId,
    command: ['sh', '-c', script],
    env: {},
    cpu: 0.5,
    memoryMb: 64,
    stopGraceSeconds: 1,
    timeoutMs: 30_000,
    ...overrides,
  };
}
const { signal } = new AbortController();
const nameOf = ({ ownerId, kind }: OneOffJobSpec) => jobName(INSTANCE, ownerId, kind);

// Each test has its own owner, and waits for the engine more than it computes.
describe.concurrent('OneOffJobs', () => {
  it('runs a job once, reports its lines in order and its exit code, and leaves nothing behind', async () => {
    const lines: OutputLine[] = [];
    const spec = jobOf('seq 1 2000; echo "$NAME" >&2; exit 3', { env: { NAME: 'ünïcode' } });
    const end = await fixture.jobs.run(spec, { signal, onLine: (line) => lines.push(line) });
    expect(end).toEqual({ kind: 'exited', code: 3 });
    const written = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    expect(written).toEqual(Array.from({ length: 2000 }, (_, i) => String(i + 1)));
    expect(lines.filter(({ stream }) => stream === 'stderr')).toEqual([
      { stream: 'stderr', text: 'ünïcode' },
    ]);
    expect(await fixture.jobs.tasks(nameOf(spec))).toEqual([]);
    expect(await fixture.services.listForEnvironment(spec.owner.environmentId ?? '')).toEqual([]);
  });

  it('passes variables and arguments verbatim, even those that look like Swarm templates', async () => {
    const values = ['{{.Node.ID}}', '{{', '{{{x}}}', 'a {{"{{"}} b', '{{- /* */ -}}', '}}'];
    const env = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
    const lines: string[] = [];
    const script = `for name in ${Object.keys(env).join(' ')}; do printenv $name; done; echo '{{.Node.ID}}'`;
    const end = await fixture.jobs.run(jobOf(script, { env }), {
      signal,
      onLine: ({ text }) => lines.push(text),
    });
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(lines).toEqual([...values, '{{.Node.ID}}']);
  });

  it('streams the lines of a job while it runs', async () => {
    const lines: string[] = [];
    const spec = jobOf('echo first; while :; do echo more; sleep 0.1; done');
    const running = fixture.jobs.run(spec, { signal, onLine: ({ text }) => lines.push(text) });
    await eventually('the job has written more', () => lines.includes('more'));
    expect(lines[0]).toBe('first');
    const ended = expect(running).rejects.toThrow('removed before it ended');
    await fixture.jobs.removeAll(spec.owner, () => Promise.resolve(), signal);
    await ended;
  });

  it('times out a job and removes its container', async () => {
    // Long enough for a start on a busy machine.
    const spec = jobOf('trap "" TERM; sleep 600', { timeoutMs: 20_000 });
    expect(await fixture.jobs.run(spec, { signal })).toEqual({ kind: 'timed-out', lastState: 'running' });
    const label = [`dev.nexos.deployment=${spec.ownerId}`];
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
  });

  it('reports why a job cannot start', async () => {
    const spec = jobOf('true', { command: ['/no/such/command'] });
    expect(await fixture.jobs.run(spec, { signal })).toEqual({ kind: 'exited', code: 127 });
    const missing = jobOf('true', { image: `sha256:${'0'.repeat(64)}` });
    const end = await fixture.jobs.run(missing, { signal });
    expect(end).toMatchObject({
      kind: 'not-started',
      reason: expect.stringMatching(/no such image/i) as string,
    });
  });

  it('waits for a job that another worker started instead of starting it again', async () => {
    const spec = jobOf('cat /proc/sys/kernel/random/uuid; sleep 2; exit 5');
    const dying = new AbortController();
    const first: string[] = [];
    const lost = fixture.jobs.run(spec, { signal: dying.signal, onLine: ({ text }) => first.push(text) });
    await eventually('the job has written its id', () => first.length > 0);
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    const second: string[] = [];
    const end = await fixture.jobs.run(spec, { signal, onLine: ({ text }) => second.push(text) });
    expect(end).toEqual({ kind: 'exited', code: 5 });
    expect(second).toEqual(first);
  });

  it('removes the job of an earlier run before it starts the next', async () => {
    const older = jobOf('echo older; sleep 600');
    const dying = new AbortController();
    const lines: string[] = [];
    const lost = fixture.jobs.run(older, { signal: dying.signal, onLine: ({ text }) => lines.push(text) });
    await eventually('the older job runs', () => lines.length > 0);
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    const label = [`dev.nexos.deployment=${older.ownerId}`];
    const newer = { ...older, run: '2', command: ['sh', '-c', 'echo newer'] };
    const end = await fixture.jobs.run(newer, { signal, onLine: ({ text }) => lines.push(text) });
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(lines).toEqual(['older', 'newer']);
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
  });

  it('adopts an existing job, and returns null instead of starting a missing one', async () => {
    const spec = jobOf('cat /proc/sys/kernel/random/uuid; exit 6');
    expect(await fixture.jobs.adopt(spec, { signal })).toBeNull();
    const lines: string[] = [];
    const onLine = ({ text }: OutputLine) => lines.push(text);
    const end = { kind: 'exited', code: 6 };
    expect(await fixture.jobs.run(spec, { signal, onLine, isKept: true })).toEqual(end);
    expect(await fixture.jobs.adopt({ ...spec, run: '2' }, { signal })).toBeNull();
    expect(await fixture.jobs.adopt(spec, { signal, onLine, isKept: true })).toEqual(end);
    expect(lines[1]).toBe(lines[0]);
    await fixture.jobs.removeAll(spec.owner, () => Promise.resolve(), signal);
    expect(await fixture.jobs.adopt(spec, { signal })).toBeNull();
  });

  it('counts the timeout of a job from when it runs, even when another worker adopts it', async () => {
    const spec = jobOf('sleep 600', { timeoutMs: 4_000, startMs: 60_000 });
    const dying = new AbortController();
    const lost = fixture.jobs.run(spec, { signal: dying.signal });
    await eventually('it runs', async () => (await fixture.jobs.tasks(nameOf(spec)))[0]?.state === 'running');
    const began = Date.now();
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    expect(await fixture.jobs.adopt(spec, { signal })).toEqual({ kind: 'timed-out', lastState: 'running' });
    // Much less than the time to start, which an adopted job does not get again.
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  const STUBBORN = 'trap "" TERM; echo up; sleep 600';
  const containersOf = async ({ owner }: OneOffJobSpec) => {
    const label = [`dev.nexos.environment=${owner.environmentId ?? ''}`];
    return (await rawEngine().listContainers({ filters: { label } })).length;
  };
  /** Starts jobs and abandons them, as a worker that dies does. */
  async function abandon(specs: readonly OneOffJobSpec[]): Promise<void> {
    for (const spec of specs) {
      const dying = new AbortController();
      let isUp = false;
      const lost = fixture.jobs.run(spec, { signal: dying.signal, onLine: () => (isUp = true) });
      await eventually('it runs', () => isUp);
      dying.abort(new Error('the worker dies'));
      await expect(lost).rejects.toThrow();
    }
  }

  it('waits for the containers of a removed job before it starts or removes the next', async () => {
    const spec = jobOf(STUBBORN, { stopGraceSeconds: 6 });
    await abandon([spec]);
    await rawEngine().getService(nameOf(spec)).remove();
    expect(await containersOf(spec)).toBe(1);
    const newer = { ...spec, run: '2', command: ['true'] };
    expect(await fixture.jobs.run(newer, { signal, isKept: true })).toEqual({ kind: 'exited', code: 0 });
    expect(await containersOf(spec)).toBe(0);

    const other = jobOf(STUBBORN, { stopGraceSeconds: 3 });
    await abandon([other]);
    await rawEngine().getService(nameOf(other)).remove();
    await fixture.jobs.removeAll({ deploymentId: other.ownerId }, () => Promise.resolve(), signal);
    expect(await containersOf(other)).toBe(0);
    await fixture.jobs.removeAll({ deploymentId: spec.ownerId }, () => Promise.resolve(), signal);
  });

  it('spares the current job when it removes those of other deployments and earlier runs', async () => {
    const current = jobOf(STUBBORN, { run: 'now' });
    const earlier = { ...current, kind: 'earlier', run: 'before' };
    const { deploymentId } = newOwner();
    const other = { ...current, owner: { ...current.owner, deploymentId }, ownerId: deploymentId };
    await abandon([current, earlier, other]);
    expect(await containersOf(current)).toBe(3);
    const owner = { environmentId: current.owner.environmentId ?? '' };
    const spared = { deploymentId: current.ownerId, run: 'now' };
    await fixture.jobs.removeAll(owner, () => Promise.resolve(), signal, spared);
    expect(await containersOf(current)).toBe(1);
    expect((await fixture.jobs.tasks(nameOf(current)))[0]?.state).toBe('running');
    await fixture.jobs.removeAll(owner, () => Promise.resolve(), signal);
    expect(await containersOf(current)).toBe(0);
  });

  it('lists only kept jobs of the kind and run that exited with 0', async () => {
    const done = jobOf('true');
    const { environmentId = '' } = done.owner;
    const another = (script: string, overrides: Partial<OneOffJobSpec>) => {
      const { deploymentId } = newOwner();
      return { ...jobOf(script, overrides), owner: { ...done.owner, deploymentId }, ownerId: deploymentId };
    };
    const others = [another('exit 3', {}), another('true', { kind: 'other' }), another('true', { run: '2' })];
    const all = [done, ...others].map((spec) => fixture.jobs.run(spec, { signal, isKept: true }));
    await Promise.all(all);
    await abandon([another(STUBBORN, {})]);
    const succeeded = () => fixture.jobs.listSucceeded({ environmentId }, { kind: 'test', run: '1' });
    expect(await succeeded()).toEqual([done.ownerId]);
    await fixture.jobs.removeAll({ environmentId }, () => Promise.resolve(), signal);
    expect(await succeeded()).toEqual([]);
  });

  it('removes the job of an execution only with that execution, not with its environment', async () => {
    const executionId = 'exec_' + newOwner().environmentId.slice('env_'.length);
    const spec = jobOf('true');
    const owner = { ...spec.owner, executionId };
    const options = { signal, isKept: true };
    await fixture.jobs.run({ ...spec, owner, ownerId: executionId }, options);
    expect(await fixture.jobs.listExecutions()).toEqual([executionId]);
    await fixture.jobs.removeAll(spec.owner, () => Promise.resolve(), signal);
    expect(await fixture.jobs.listExecutions()).toEqual([executionId]);
    await fixture.jobs.removeAll({ executionId }, () => Promise.resolve(), signal);
    expect(await fixture.jobs.listExecutions()).toEqual([]);
  });
});
