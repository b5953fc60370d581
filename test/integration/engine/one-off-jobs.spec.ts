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
} from './engine-fixture.js';

let fixture: EngineFixture;
let image: string;
let nodeId: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId);
  image = (await fixture.images.inspect(BASE_IMAGE)).id;
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

function jobOf(script: string, replaced: Partial<OneOffJobSpec> = {}): OneOffJobSpec {
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
    ...replaced,
  };
}
const { signal } = new AbortController();
const nameOf = ({ ownerId, kind }: OneOffJobSpec) => jobName(INSTANCE, ownerId, kind);

// Each has an owner of its own, and waits for the engine more than it computes.
describe.concurrent('a one-off job', () => {
  it('runs once, tells every line in order and its exit code, and leaves nothing behind', async () => {
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

  it('is told exactly its variables and arguments, also where Swarm would take them for templates', async () => {
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

  it('tells its lines while it runs', async () => {
    const lines: string[] = [];
    const spec = jobOf('echo first; while :; do echo more; sleep 0.1; done');
    const running = fixture.jobs.run(spec, { signal, onLine: ({ text }) => lines.push(text) });
    await eventually('it has said something', () => lines.includes('more'));
    expect(lines[0]).toBe('first');
    const ended = expect(running).rejects.toThrow('removed before it ended');
    await fixture.jobs.removeAll(spec.owner, () => Promise.resolve(), signal);
    await ended;
  });

  it('is given up after its time, and its container is gone then', async () => {
    const spec = jobOf('trap "" TERM; sleep 600', { timeoutMs: 8_000 });
    expect(await fixture.jobs.run(spec, { signal })).toEqual({ kind: 'timed-out', lastState: 'running' });
    const label = [`dev.nexos.deployment=${spec.ownerId}`];
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
  });

  it('says why when it cannot be started', async () => {
    const spec = jobOf('true', { command: ['/no/such/command'] });
    expect(await fixture.jobs.run(spec, { signal })).toEqual({ kind: 'exited', code: 127 });
    const missing = jobOf('true', { image: `sha256:${'0'.repeat(64)}` });
    const end = await fixture.jobs.run(missing, { signal });
    expect(end).toMatchObject({
      kind: 'not-started',
      reason: expect.stringMatching(/no such image/i) as string,
    });
  });

  it('that another worker began is not begun again: its end is waited for', async () => {
    const spec = jobOf('cat /proc/sys/kernel/random/uuid; sleep 2; exit 5');
    const dying = new AbortController();
    const first: string[] = [];
    const lost = fixture.jobs.run(spec, { signal: dying.signal, onLine: ({ text }) => first.push(text) });
    await eventually('it has said who it is', () => first.length > 0);
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    const second: string[] = [];
    const end = await fixture.jobs.run(spec, { signal, onLine: ({ text }) => second.push(text) });
    expect(end).toEqual({ kind: 'exited', code: 5 });
    expect(second).toEqual(first);
  });

  it('of another run is done away with before this one starts', async () => {
    const older = jobOf('echo older; sleep 600');
    const dying = new AbortController();
    const lines: string[] = [];
    const lost = fixture.jobs.run(older, { signal: dying.signal, onLine: ({ text }) => lines.push(text) });
    await eventually('the older one runs', () => lines.length > 0);
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    const label = [`dev.nexos.deployment=${older.ownerId}`];
    const newer = { ...older, run: '2', command: ['sh', '-c', 'echo newer'] };
    const end = await fixture.jobs.run(newer, { signal, onLine: ({ text }) => lines.push(text) });
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(lines).toEqual(['older', 'newer']);
    expect(await rawEngine().listContainers({ filters: { label } })).toEqual([]);
  });

  it('is adopted and never begun: one that is not there has no end to be waited for', async () => {
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

  it('has the time that it is given from when it runs, whoever waits for it', async () => {
    const spec = jobOf('sleep 600', { timeoutMs: 4_000, startMs: 60_000 });
    const dying = new AbortController();
    const lost = fixture.jobs.run(spec, { signal: dying.signal });
    await eventually('it runs', async () => (await fixture.jobs.tasks(nameOf(spec)))[0]?.state === 'running');
    const began = Date.now();
    dying.abort(new Error('the worker dies'));
    await expect(lost).rejects.toThrow();
    expect(await fixture.jobs.adopt(spec, { signal })).toEqual({ kind: 'timed-out', lastState: 'running' });
    expect(Date.now() - began).toBeLessThan(9_000);
  });

  const STUBBORN = 'trap "" TERM; echo up; sleep 600';
  const containersOf = async ({ owner }: OneOffJobSpec) => {
    const label = [`dev.nexos.environment=${owner.environmentId ?? ''}`];
    return (await rawEngine().listContainers({ filters: { label } })).length;
  };
  /** Begins jobs and leaves them, as a worker that dies does. */
  async function leave(specs: readonly OneOffJobSpec[]): Promise<void> {
    for (const spec of specs) {
      const dying = new AbortController();
      let isUp = false;
      const lost = fixture.jobs.run(spec, { signal: dying.signal, onLine: () => (isUp = true) });
      await eventually('it runs', () => isUp);
      dying.abort(new Error('the worker dies'));
      await expect(lost).rejects.toThrow();
    }
  }

  it('that somebody took away without waiting is waited for by whoever begins or removes the next', async () => {
    const spec = jobOf(STUBBORN, { stopGraceSeconds: 6 });
    await leave([spec]);
    await rawEngine().getService(nameOf(spec)).remove();
    expect(await containersOf(spec)).toBe(1);
    const newer = { ...spec, run: '2', command: ['true'] };
    expect(await fixture.jobs.run(newer, { signal, isKept: true })).toEqual({ kind: 'exited', code: 0 });
    expect(await containersOf(spec)).toBe(0);

    const other = jobOf(STUBBORN, { stopGraceSeconds: 3 });
    await leave([other]);
    await rawEngine().getService(nameOf(other)).remove();
    await fixture.jobs.removeAll({ deploymentId: other.ownerId }, () => Promise.resolve(), signal);
    expect(await containersOf(other)).toBe(0);
    await fixture.jobs.removeAll({ deploymentId: spec.ownerId }, () => Promise.resolve(), signal);
  });

  it('is spared where it is the present one: those of other deployments, and of before, are gone then', async () => {
    const present = jobOf(STUBBORN, { run: 'now' });
    const earlier = { ...present, kind: 'earlier', run: 'before' };
    const { deploymentId } = newOwner();
    const other = { ...present, owner: { ...present.owner, deploymentId }, ownerId: deploymentId };
    await leave([present, earlier, other]);
    expect(await containersOf(present)).toBe(3);
    const owner = { environmentId: present.owner.environmentId ?? '' };
    const spared = { deploymentId: present.ownerId, run: 'now' };
    await fixture.jobs.removeAll(owner, () => Promise.resolve(), signal, spared);
    expect(await containersOf(present)).toBe(1);
    expect((await fixture.jobs.tasks(nameOf(present)))[0]?.state).toBe('running');
    await fixture.jobs.removeAll(owner, () => Promise.resolve(), signal);
    expect(await containersOf(present)).toBe(0);
  });

  it('that has exited with 0 is known for its kind and run as long as it is kept, and no other is', async () => {
    const done = jobOf('true');
    const { environmentId = '' } = done.owner;
    const another = (script: string, replaced: Partial<OneOffJobSpec>) => {
      const { deploymentId } = newOwner();
      return { ...jobOf(script, replaced), owner: { ...done.owner, deploymentId }, ownerId: deploymentId };
    };
    const others = [another('exit 3', {}), another('true', { kind: 'other' }), another('true', { run: '2' })];
    const all = [done, ...others].map((spec) => fixture.jobs.run(spec, { signal, isKept: true }));
    await Promise.all(all);
    await leave([another(STUBBORN, {})]);
    const succeeded = () => fixture.jobs.listSucceeded({ environmentId }, { kind: 'test', run: '1' });
    expect(await succeeded()).toEqual([done.ownerId]);
    await fixture.jobs.removeAll({ environmentId }, () => Promise.resolve(), signal);
    expect(await succeeded()).toEqual([]);
  });

  it('of an execution goes with that alone, and not with what else its environment has', async () => {
    const executionId = 'exec_' + newOwner().environmentId.slice('env_'.length);
    const spec = jobOf('true');
    const owner = { ...spec.owner, executionId };
    const leave = { signal, isKept: true };
    await fixture.jobs.run({ ...spec, owner, ownerId: executionId }, leave);
    expect(await fixture.jobs.listExecutions()).toEqual([executionId]);
    await fixture.jobs.removeAll(spec.owner, () => Promise.resolve(), signal);
    expect(await fixture.jobs.listExecutions()).toEqual([executionId]);
    await fixture.jobs.removeAll({ executionId }, () => Promise.resolve(), signal);
    expect(await fixture.jobs.listExecutions()).toEqual([]);
  });
});
