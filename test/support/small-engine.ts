import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { eventually } from './eventually.js';

interface CacheRecord {
  readonly Description: string;
  readonly Size: number;
  readonly Shared: boolean;
}

const MIB = 1024 * 1024;
/**
 * `$0` is the folder, `$1` its disk size in MiB, the rest are further flags. Everything, including the disk, ends with this
 * process, which starts the daemon again after its end if the file `again` exists. The file `cut` has it end everything
 * else before, and leave what is on the disk.
 */
const START = `ip() { command ip "$@" || busybox ip "$@"; }
ip link set lo up
mount -t tmpfs -o "size=$1m" tmpfs "$0/data"
shift
while :; do
  code=0
  dockerd --data-root "$0/data" --exec-root "$0/run" --pidfile "$0/pid" --config-file "$0/daemon.json" \\
    --host "unix://$0/docker.sock" --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false "$@" || code=$?
  rm "$0/again" || exit $code
  rm -f "$0/pid"
  if rm "$0/cut"; then
    kill -9 -1
    grep -o " $0/\\(run\\|data/\\)[^ ]*" /proc/mounts | while read -r mounted; do umount -l "$mounted" || true; done
    ip -o link | sed 's/^[0-9]*: \\([^:@]*\\).*/\\1/' | while read -r link; do
      test "$link" = lo || ip link delete "$link" || true
    done
    rm -rf "$0/run/"*
  fi
done`;

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
    const { bavail, bsize } = statfsSync(join('/proc', this.shellPid, 'root', this.folder, 'data'));
    return Math.floor((bavail * bsize) / MIB);
  }

  /** Lists the records of the build cache. The engine refuses while it does so for another client. */
  cacheRecords(): Promise<CacheRecord[]> {
    return eventually('the engine to list its build cache', async () => {
      try {
        const { BuildCache } = (await this.docker.df()) as { BuildCache: CacheRecord[] | null };
        return BuildCache ?? [];
      } catch (error) {
        if (String(error).includes('a disk usage operation is already running')) return undefined;
        throw error;
      }
    });
  }

  /** Kills the daemon and all containers, and starts it again with nothing but what is on its disk. */
  async cutPower(): Promise<void> {
    writeFileSync(join(this.folder, 'cut'), '');
    await this.restart();
  }

  /** Kills the daemon and starts it again. Its containers run on until the new one ends them. */
  async restart(): Promise<void> {
    writeFileSync(join(this.folder, 'again'), '');
    const pids = execFileSync('pgrep', ['--full', `^dockerd --data-root ${this.folder}/data`], {
      encoding: 'utf8',
    });
    process.kill(Number(pids), 'SIGKILL');
    await eventually('the daemon to start again', () =>
      Promise.resolve(existsSync(join(this.folder, 'again')) ? undefined : true),
    );
    await this.ready();
  }

  async stop(): Promise<void> {
    if (this.daemon.exitCode === null && this.daemon.signalCode === null) {
      const exited = once(this.daemon, 'exit');
      this.daemon.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The shell that starts the daemon is the first child of the process that made its namespaces. */
  private get shellPid(): string {
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
