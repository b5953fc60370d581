import { setTimeout as wait } from 'node:timers/promises';
import { type ArchiveCommand, ARCHIVED_VOLUME, type ArchiveEngine, CommandFailedError } from '@nexos/engine';
import { type ServiceKind } from '@nexos/domain';
import { type BackedUpService } from '@nexos/state';

const RETRY_MS = 2_000;
/** A service may be starting or stopping. */
const ATTEMPTS = 15;
/** The exit code of `flock` here when a server runs. */
const IN_USE = 75;
/** GNU tar: a file changed while it was read. */
const CHANGED = 1;

const CREATE_TAR = [
  ...[
    'tar',
    '--create',
    '--file=-',
    '--numeric-owner',
    '--one-file-system',
    `--directory=${ARCHIVED_VOLUME}`,
  ],
  // The S3 server keeps an object's metadata in extended attributes.
  ...['--xattrs', '--xattrs-include=*', '--exclude=./nexos.lock'],
  ...['--warning=no-file-changed', '--warning=no-file-removed', '.'],
];
/** Servers hold this lock while they run, and wait for it when they start. */
const WHILE_STOPPED = [
  ...['flock', '--nonblock', '--conflict-exit-code', String(IN_USE), `${ARCHIVED_VOLUME}/nexos.lock`],
  ...CREATE_TAR,
];
const EXTRACT_TAR = `mkdir -p "$1"
chown --reference="$0" "$1"
exec tar --extract --file=- --numeric-owner --preserve-permissions --xattrs '--xattrs-include=*' --directory="$1"`;

/** A snapshot as the server itself makes it: the files of the cluster, and the WAL to make them consistent. */
const POSTGRES = [
  ...['pg_basebackup', '--pgdata=-', '--format=tar', '--wal-method=fetch', '--checkpoint=fast'],
  ...['--no-manifest', '--username=postgres', '--no-password'],
];
/**
 * A snapshot as a replica gets it. Under the name of an append-only file Redis loads it at its next start, because such
 * a file may begin with a snapshot.
 */
const REDIS = `folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
redis-cli -h 127.0.0.1 --no-auth-warning --rdb "$folder/appendonly.aof" >&2
cp -p /data/users.acl "$folder"
chown --reference=/data/users.acl "$folder/appendonly.aof"
tar --create --file=- --numeric-owner --directory="$folder" users.acl appendonly.aof`;

/** A consistent copy of a service's data: a tar to unpack in a folder of its volume. */
export interface VolumeCopy {
  /** Empty for the volume itself. */
  readonly folder: string;
  readonly tar: AsyncIterable<Buffer>;
}

type Running = (adminPassword: string) => { readonly folder: string } & ArchiveCommand;

/** How a running server makes the copy; null: its files are copied under it, each of which it replaces as a whole. */
const WHILE_RUNNING: Readonly<Record<ServiceKind, Running | null>> = {
  postgres: () => ({ folder: 'cluster', command: POSTGRES }),
  redis: (password) => ({ folder: '', command: ['sh', '-ec', REDIS], env: [`REDISCLI_AUTH=${password}`] }),
  s3: null,
};

/** Copies the data of project services out of their volumes, while they run or are stopped, and back. */
export class VolumeCopies {
  /** @param image with GNU tar and flock, such as that of Postgres */
  constructor(
    private readonly engine: ArchiveEngine,
    private readonly image: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Copies one service's data. Starts over when the service starts or stops meanwhile.
   *
   * @param keep stores a copy; called again for the next attempt
   */
  async copy(
    service: BackedUpService,
    adminPassword: string,
    keep: (copy: VolumeCopy) => Promise<void>,
  ): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const copy = await this.begin(service, adminPassword);
      try {
        await keep(copy);
        return copy.folder;
      } catch (error) {
        if (!(error instanceof CommandFailedError) || attempt === ATTEMPTS) throw error;
      }
      await wait(RETRY_MS, undefined, { signal: this.signal });
    }
  }

  /** Creates the volume and unpacks a tar in it. */
  async restore(volume: Omit<BackedUpService, 'nodeId' | 'sealedPassword'>, copy: VolumeCopy): Promise<void> {
    const target = copy.folder === '' ? ARCHIVED_VOLUME : `${ARCHIVED_VOLUME}/${copy.folder}`;
    const { volumes } = this.engine;
    await volumes.create(volume);
    const command = ['sh', '-ec', EXTRACT_TAR, ARCHIVED_VOLUME, target];
    await volumes.feed(volume, this.image, { command }, copy.tar, this.signal);
  }

  private async begin(service: BackedUpService, adminPassword: string): Promise<VolumeCopy> {
    const { volumes } = this.engine;
    const container = await volumes.runningContainer(service);
    const running = WHILE_RUNNING[service.kind]?.(adminPassword);
    if (container !== null && running !== undefined) {
      return { folder: running.folder, tar: volumes.printedIn(container, running, this.signal) };
    }
    const command = container === null ? WHILE_STOPPED : CREATE_TAR;
    const tar = volumes.printedBeside(service, this.image, { command }, this.signal);
    return { folder: '', tar: container === null ? tar : untilChanged(tar) };
  }
}

/** Ends normally when a file came or went while it was copied. */
async function* untilChanged(tar: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* tar;
  } catch (error) {
    if (!(error instanceof CommandFailedError && error.exitCode === CHANGED)) throw error;
  }
}
