import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { eventually } from './eventually.js';

/** `$0` is the folder, `$1` the host name. Everything, including the disk, ends with this process. */
const START = `hostname "$1"
ip link set lo up
mount -t tmpfs -o size=1500m tmpfs "$0/data"
exec dockerd --data-root "$0/data" --exec-root "$0/run" --pidfile "$0/pid" --config-file "$0/daemon.json" \\
  --host "unix://$0/docker.sock"`;
/** The network between the two engines, and the one between this machine and the manager. */
const MANAGER = '10.213.7.1';
const WORKER = '10.213.7.2';

class Daemon {
  readonly docker: Docker;

  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {
    this.docker = new Docker({ socketPath: join(folder, 'docker.sock') });
  }

  static async start(hostname: string): Promise<Daemon> {
    const folder = mkdtempSync(join(tmpdir(), `nexos-${hostname}-`));
    for (const name of ['data', 'run']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'daemon.json'), '{}');
    const log = openSync(join(folder, 'log'), 'a');
    const daemon = spawn(
      // The kernel kills it when this process ends, however that happens.
      'setpriv',
      // prettier-ignore
      ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', 'sh', '-euc', START, folder, hostname],
      { stdio: ['ignore', log, log] },
    );
    const started = new Daemon(folder, daemon);
    await eventually(`the engine of ${hostname} to answer`, () => {
      if (daemon.exitCode !== null) throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
      return started.docker.ping().then(
        () => true as const,
        () => undefined,
      );
    });
    return started;
  }

  get host(): string {
    return `unix://${join(this.folder, 'docker.sock')}`;
  }

  /** The daemon is the first child of the process that made its namespaces. */
  get pid(): string {
    const pid = String(this.process.pid);
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? '';
  }

  /** Runs `ip` in the engine's network namespace. */
  ip(...args: string[]): void {
    execFileSync('nsenter', ['--target', this.pid, '--net', 'ip', ...args]);
  }

  /** Copies an image of this machine's engine. */
  async load(image: string): Promise<void> {
    const loaded = await this.docker.loadImage(await new Docker().getImage(image).get());
    loaded.resume();
    await once(loaded, 'end');
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * A Swarm of two engines, a manager and a worker, each in network and process namespaces of its own, joined by a cable.
 * The manager can be reached from this machine. Needs root.
 */
export class EnginePair {
  private constructor(
    readonly manager: Daemon,
    readonly worker: Daemon,
    /** The manager's address as this machine sees it. */
    readonly address: string,
  ) {}

  static async start(): Promise<EnginePair> {
    const [manager, worker] = await Promise.all([Daemon.start('manager'), Daemon.start('worker')]);
    const subnet = `10.214.${randomBytes(1)[0] ?? 0}`;
    const pair = new EnginePair(manager, worker, `${subnet}.2`);
    try {
      pair.connect(subnet);
      await manager.docker.swarmInit({ ListenAddr: `${MANAGER}:2377`, AdvertiseAddr: MANAGER });
      const { JoinTokens } = (await manager.docker.swarmInspect()) as { JoinTokens: { Worker: string } };
      await worker.docker.swarmJoin({
        ListenAddr: `${WORKER}:2377`,
        AdvertiseAddr: WORKER,
        RemoteAddrs: [`${MANAGER}:2377`],
        JoinToken: JoinTokens.Worker,
      });
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  /** The cables disappear with the namespaces at their ends. */
  private connect(subnet: string): void {
    const { manager, worker } = this;
    const cable = `nx${randomBytes(4).toString('hex')}`;
    // prettier-ignore
    execFileSync('ip', ['link', 'add', 'swarm0', 'netns', manager.pid, 'type', 'veth', 'peer', 'name', 'swarm0', 'netns', worker.pid]);
    execFileSync('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'host0', 'netns', manager.pid]);
    execFileSync('ip', ['address', 'add', `${subnet}.1/30`, 'dev', cable]);
    execFileSync('ip', ['link', 'set', cable, 'up']);
    for (const [daemon, name, address] of [
      [manager, 'swarm0', `${MANAGER}/24`],
      [manager, 'host0', `${subnet}.2/30`],
      [worker, 'swarm0', `${WORKER}/24`],
    ] as const) {
      daemon.ip('address', 'add', address, 'dev', name);
      daemon.ip('link', 'set', name, 'up');
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.manager.stop(), this.worker.stop()]);
  }
}
