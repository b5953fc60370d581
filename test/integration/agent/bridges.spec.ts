import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import type Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ContainerTracker } from '../../../apps/agent/src/tracker/container-tracker.js';
import { eventually } from '../../support/eventually.js';
import { FOREIGN_LABEL, INSTANCE } from '../engine/engine-fixture.js';
import { AgentStage } from './agent-stage.js';

/** A server outside the containers' networks, to which their connections stay open. */
class Outside {
  /** How much each connection has sent. */
  readonly received: number[] = [];

  private constructor(
    private readonly server: Server,
    private readonly address: string,
  ) {
    server.on('connection', (socket) => {
      const index = this.received.push(0) - 1;
      socket.on('data', ({ length }) => (this.received[index] = (this.received[index] ?? 0) + length));
      socket.on('error', () => undefined);
    });
  }

  static async listen(docker: Docker): Promise<Outside> {
    const { IPAM } = await docker.getNetwork('bridge').inspect();
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    // An engine that has never been restarted does not tell the gateway: it is the first address.
    const { Gateway, Subnet = '' } = IPAM?.Config?.[0] ?? {};
    return new Outside(server, Gateway ?? Subnet.replace(/\.\d+\/\d+$/, '.1'));
  }

  /** Connects at once, and sends a byte every 20 ms. */
  get talker(): string[] {
    return ['bash', '-c', `exec 3<>${this.path}; while printf . >&3; do sleep 0.02; done`];
  }

  get path(): string {
    return `/dev/tcp/${this.address}/${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until a connection has sent this much more. */
  async hears(index: number, bytes: number): Promise<void> {
    const enough = (this.received[index] ?? 0) + bytes;
    await eventually('a connection to the outside', () =>
      Promise.resolve((this.received[index] ?? 0) >= enough || undefined),
    );
  }

  stop(): void {
    this.server.close();
  }
}

/** An agent and containers on the real engine. Costs about 15 s. */
describe('the bridge of a project', () => {
  let stage: AgentStage;
  let outside: Outside;
  let overlay: string;
  beforeAll(async () => {
    stage = await AgentStage.start();
    outside = await Outside.listen(stage.docker);
  });
  beforeEach(async () => {
    await stage.begin();
    // Swarm's containers are on one; their default route is over another network of the engine.
    overlay = `nexos-${INSTANCE}-overlay`;
    const Labels = { 'dev.nexos.instance': INSTANCE };
    await stage.docker.createNetwork({ Name: overlay, Driver: 'overlay', Attachable: true, Labels });
  });
  afterEach(() => stage.end());
  afterAll(async () => {
    outside.stop();
    await stage.stop();
  });

  const runInside = async (container: Docker.Container, command: string) => {
    const execution = await container.exec({ Cmd: ['bash', '-c', command], AttachStdout: true });
    const stream = await execution.start({});
    stream.resume();
    await once(stream, 'end');
    return (await execution.inspect()).ExitCode;
  };

  it('is joined before the first process of a container runs, whose connections stay open', async () => {
    await stage.startAgent();
    const first = outside.received.length;
    const app = await stage.createTask('svc-a', { command: outside.talker, network: overlay });
    await eventually('the agent to connect it', async () => {
      return stage.bridge in (await app.inspect()).NetworkSettings.Networks ? true : undefined;
    });
    expect(await stage.ingress.addresses.read()).toEqual(new Map());
    await app.start();
    await stage.untilMapIs({ 'svc-a': app });
    await outside.hears(first, 20);
    expect(outside.received).toHaveLength(first + 1);
    const { Networks } = (await app.inspect()).NetworkSettings;
    const { Containers } = await stage.docker.getNetwork('docker_gwbridge').inspect();
    expect(Object.keys(Networks).sort()).toEqual([overlay, stage.bridge].sort());
    expect(Object.keys(Containers ?? {})).not.toContain(app.id);
  });

  it('is joined by a container that started while no agent ran, whose earlier connections break', async () => {
    const first = outside.received.length;
    const app = await stage.startTask('svc-a', { command: outside.talker, network: overlay });
    await outside.hears(first, 5);
    await stage.startAgent();
    await stage.untilMapIs({ 'svc-a': app });
    expect(await runInside(app, `echo hello > ${outside.path}`)).toBe(0);
    await outside.hears(first + 1, 0);
    const heard = outside.received[first];
    for (const word of ['how', 'are', 'you']) {
      expect(await runInside(app, `echo ${word} > ${outside.path}`)).toBe(0);
    }
    expect(outside.received[first]).toBe(heard);
  });

  it('is joined by containers that start at once, and none stays paused', async () => {
    await stage.startAgent();
    for (let round = 1; round <= 3; round++) {
      const app = await stage.startTask('svc-a', { network: overlay });
      await stage.untilMapIs({ 'svc-a': app });
      await eventually('it to run', async () => !(await app.inspect()).State.Paused || undefined);
      await app.remove({ force: true });
      await stage.untilMapIs({});
    }
  });

  it('lets a container continue that an agent had paused when it was killed', async () => {
    const app = await stage.startTask('svc-a', { network: overlay });
    await app.pause();
    await stage.startAgent();
    await eventually('it to run', async () => !(await app.inspect()).State.Paused || undefined);
    await stage.untilMapIs({ 'svc-a': app });
  });

  it('gives a container an address that no other one had', async () => {
    await stage.startAgent();
    const had = new Set<string | undefined>();
    const rounds = 5;
    for (let round = 1; round <= rounds; round++) {
      const app = await stage.startTask('svc-a');
      await stage.untilMapIs({ 'svc-a': app });
      had.add(await stage.addressOf(app));
      await app.remove({ force: true });
      await stage.untilMapIs({});
    }
    expect(had.size).toBe(rounds);
    // One that an agent before it published, which may have ended since.
    const map = stage.ingress.addresses;
    const [address = ''] = had;
    const prefix = address.slice(0, address.lastIndexOf('.') + 1);
    const free = `${prefix}77`;
    await stage.stopAgent();
    for (let part = 2; part <= 254; part++) {
      if (part !== 77) await map.set(`gone-${part}`, `${prefix}${part}`);
    }
    await stage.startAgent();
    const app = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': app });
    expect(await stage.addressOf(app)).toBe(free);
  });

  it('is joined as soon as it exists, and the log says once that it is missing', async () => {
    const lines: string[] = [];
    const write = (line: unknown) => lines.push(String(line));
    const logger: LoggerService = { log: write, warn: write, error: write };
    await stage.docker.getNetwork(stage.bridge).remove();
    await stage.startAgent(logger);
    const app = await stage.startTask('svc-a');
    const about = () => lines.filter((line) => line.includes(stage.projectId));
    await eventually('a line in the log', () => Promise.resolve(about().length > 0 || undefined));
    const foreign = await stage.docker.createNetwork({
      Name: stage.bridge,
      Labels: { [FOREIGN_LABEL]: INSTANCE },
    });
    const other = await stage.startTask('svc-b');
    await eventually('the agent to know both', () => {
      const known = stage.agent?.get(ContainerTracker).list();
      return known?.then(() => true as const) ?? Promise.resolve(undefined);
    });
    expect(await stage.addressOf(app)).toBeUndefined();
    await foreign.remove();
    await stage.createBridge();
    await stage.untilMapIs({ 'svc-a': app, 'svc-b': other });
    expect(about()).toMatchObject([
      /^could not connect a container of .* the bridge does not exist/i,
      /^connected the containers of /,
    ]);
  });

  it('may have been made again since the last container of its project', async () => {
    await stage.startAgent();
    const first = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': first });
    await first.remove({ force: true });
    await stage.untilMapIs({});
    await stage.docker.getNetwork(stage.bridge).remove();
    await stage.createBridge();
    const second = await stage.startTask('svc-b');
    await stage.untilMapIs({ 'svc-b': second });
  });

  it('is joined again by a container that somebody disconnected', async () => {
    await stage.startAgent();
    const app = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': app });
    await stage.docker.getNetwork(stage.bridge).disconnect({ Container: app.id });
    // Otherwise it does so every minute.
    await stage.agent?.get(ContainerTracker).list();
    await stage.untilMapIs({ 'svc-a': app });
  });
});
