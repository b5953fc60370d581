import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_IMAGE, buildOf, newOwner, nextTestSubnet } from '../integration/engine/engine-fixture.js';
import { eventually } from '../support/eventually.js';
import { CONNECT, IsolationProbes, LISTEN, MACHINE, PROBES_INSTANCE } from '../support/isolation-probes.js';

/*
 * The same probes run inside builds of both setups and inside an app. docs/operating/builds.md and SECURITY.md say what
 * each of them keeps apart.
 */

const never = new AbortController().signal;
/** Not the metadata address: what answers there depends on the machine's network. */
const INSIDE = /Nexos|private|engine|loopback/;

let probes: IsolationProbes;

beforeAll(async () => {
  probes = await IsolationProbes.start();
});
afterAll(() => probes.stop());

describe('isolated builds', () => {
  it('give steps no socket, no cgroup to change and no packet filter', async () => {
    const { failure, output } = await probes.build(
      probes.isolated,
      'RUN ls /run/nexos-builds /var/run/docker.sock /run/docker* 2>&1 || true; mkdir /sys/fs/cgroup/pids/x 2>&1 || true; mount -t tmpfs x /mnt 2>&1 || true; grep CapEff /proc/self/status',
    );
    expect(failure, output).toBeNull();
    expect(output).not.toMatch(/docker\.sock$/m);
    expect(output).toMatch(/Read-only file system|No such file/);
    expect(output).toMatch(/permission denied|must be superuser/i);
    expect(output).toContain('CapEff:\t00000000a80425fb');
  });

  it('keep the steps of two builds apart', async () => {
    const over = new AbortController();
    const listening = buildOf(`FROM ${BASE_IMAGE}\nRUN ${LISTEN}\n`, { signal: over.signal });
    const ended = probes.isolated.builder.build(listening).catch((error: unknown) => error);
    const address = await eventually('the step to listen', () => {
      const found = listening.lines.map(({ text }) => / listening at ([\d.]+)/.exec(text)?.[1]);
      return Promise.resolve(found.find((text) => text !== undefined));
    });
    const { output } = await probes.build(probes.isolated, `RUN ${CONNECT} other=${address}:8080`);
    over.abort(new Error('enough'));
    await ended;
    expect(output).toMatch(/probe other blocked/);
  });

  it('bound processes, memory and disk of all steps together', async () => {
    const bomb = 'i=0; while [ $i -lt 3000 ]; do sleep 60 & i=$((i+1)); done; echo "all $i"';
    for (const [command, named] of [
      [bomb, 'BUILD_PIDS'],
      ['dd if=/dev/zero of=/dev/null bs=3G count=1', 'BUILD_MEMORY_MB'],
      ['dd if=/dev/zero of=/big bs=1M count=2000', 'disk'],
    ] as const) {
      const { failure, output } = await probes.build(probes.isolated, `RUN ${command}`);
      expect(failure, output).toBeInstanceOf(Error);
      expect(`${String(failure)} ${output}`).toMatch(
        new RegExp(named === 'disk' ? 'No space left|disk' : named),
      );
      expect(output).not.toContain('all 3000');
    }
    expect((await probes.build(probes.isolated, 'RUN echo still here')).failure).toBeNull();
  });

  it('start again behind the filter, with the cache, after a process of their engine has died', async () => {
    for (const name of ['dockerd', 'dnsmasq', 'socat']) {
      const before = await probes.startedAt();
      await probes.inEngine('pkill', '--signal', 'KILL', '--exact', name);
      await eventually(`the container to start again after ${name} was killed`, async () => {
        const isBack = (await probes.startedAt()) !== before && (await probes.builds.answers());
        return isBack ? true : undefined;
      });
      expect(await probes.reachedByStep(probes.isolated)).toEqual([]);
    }
  });

  it('hand the image over to the engine that runs it, whose app reaches the machine but no store', async () => {
    const named = probes.arguments;
    const owner = newOwner();
    const request = buildOf(`FROM ${BASE_IMAGE}\nCMD ${CONNECT} ${named.join(' ')}; exec sleep 600\n`);
    const { imageId } = await probes.isolated.builder.build(request);
    const repository = `${PROBES_INSTANCE}/${owner.projectId}/${owner.environmentId}`;
    const image = await probes.isolated.pusher.push(imageId, repository, never, () => undefined);
    await probes.standard.swarm.ensure();
    await probes.standard.networks.ensure(owner.projectId, nextTestSubnet);
    const name = await probes.standard.services.create({
      ...{ ...owner, image, env: {}, moves: 0, container: 'app', index: 0, hasSiblings: false },
      ...{ cpu: 0.5, memoryMb: 64, stopGraceSeconds: 1 },
    });
    const output = await eventually('the app to have tried all', async () => {
      const lines = await probes.standard.services.tailLogs(name, 100).catch(() => []);
      const text = lines.map((line) => line.text).join('\n');
      return text.split('probe ').length > named.length ? text : undefined;
    });
    const reached = probes.reachedIn(output);
    expect(reached.filter((target) => MACHINE.includes(target))).toEqual(MACHINE);
    expect(reached.filter((target) => INSIDE.test(target))).toEqual([]);
    await probes.standard.services.remove(name);
  });
});

describe('builds of the default setup', () => {
  it('reach the machine at its bridges from steps, but neither loopback nor containers', async () => {
    const reached = await probes.reachedByStep(probes.standard);
    expect(reached.filter((target) => MACHINE.includes(target))).toEqual(MACHINE);
    expect(reached.filter((target) => INSIDE.test(target))).toEqual([]);
  });

  it('reach with ADD what the machine reaches, unless the Dockerfile names it', async () => {
    const through = ['loopback of the machine', 'machine, over the bridge of builds', 'private server'];
    expect(await probes.reachedByAdd(probes.standard, through)).toEqual(through);
  });
});
