import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { eventually } from './eventually.js';

const MIB = 1024 * 1024;
/** `$0` is the folder, `$1` its disk size in MiB, the rest are further flags. Everything, including the disk, ends with this process. */
const START = `ip link set lo up || busybox ip link set lo up
mount -t tmpfs -o "size=$1m" tmpfs "$0/data"
shift
exec dockerd --data-root "$0/data" --exec-root "$0/run" --pidfile "$0/pid" --config-file "$0/daemon.json" \\
  --host "unix://$0/docker.sock" --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false "$@"`;

/**
 * A second engine beside the machine's, with a small in-memory disk that tests may fill. Neither the disk nor the
 * engine's network is visible from outside. Needs root.
 */
export class SmallEngine {
  private constructor(
    private readonly folder: string,
    private readonly daemon: ChildProcess,
    readonly docker: Docker,
  ) {}

  static async start(options: {
    sizeMb: number;
    images: readonly string[];
    /** For dockerd, which prefers them to those above. */
    flags?: readonly string[];
  }): Promise<SmallEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'nexos-small-engine-'));
    for (const name of ['data', 'run']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'daemon.json'), '{}');
    const log = openSync(join(folder, 'log'), 'a');
    const daemon = spawn(
      // The kernel kills it when this process ends, however that happens.
      'setpriv',
      // prettier-ignore
      ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-euc', START, folder, String(options.sizeMb), ...(options.flags ?? [])],
      { stdio: ['ignore', log, log] },
    );
    const engine = new SmallEngine(folder, daemon, new Docker({ socketPath: join(folder, 'docker.sock') }));
    try {
      await engine.ready();
      await engine.docker.swarmInit({ ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' });
      for (const image of options.images) {
        const archive = await new Docker().getImage(image).get();
        const loaded = await engine.docker.loadImage(archive);
        loaded.resume();
        await once(loaded, 'end');
      }
      return engine;
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  get host(): string {
    return `unix://${join(this.folder, 'docker.sock')}`;
  }

  /** Free space in MiB, as the daemon's own view of the file system shows it. */
  get freeMb(): number {
    const { bavail, bsize } = statfsSync(join('/proc', this.daemonPid, 'root', this.folder, 'data'));
    return Math.floor((bavail * bsize) / MIB);
  }

  async stop(): Promise<void> {
    if (this.daemon.exitCode === null && this.daemon.signalCode === null) {
      const exited = once(this.daemon, 'exit');
      this.daemon.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The daemon is the first child of the process that made its namespaces. */
  private get daemonPid(): string {
    const pid = String(this.daemon.pid);
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? '';
  }

  private ready(): Promise<true> {
    return eventually('the small engine to answer', async () => {
      if (this.daemon.exitCode !== null) throw new Error(readFileSync(join(this.folder, 'log'), 'utf8'));
      return this.docker.ping().then(
        () => true as const,
        () => undefined,
      );
    });
  }
}
