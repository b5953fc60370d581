import { mkdirSync } from 'node:fs';
import { BlockList } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Image } from '../images/images.js';
import type { BuildLimits } from './build-limits.js';
import type { ContainerSpec, Owner } from './container.js';
import { ownerLabels } from './home.js';
import { SetupError } from './setup-error.mjs';

const MIB = 1024 * 1024;
/** What the engine itself may use beside the steps of builds. */
const OWN_MEMORY_MB = 1024;
const OWN_PIDS = 1024;
const CPU_PERIOD_US = 100_000;
const LONGEST_PATH = 100;
const MOST_DISK_MB = 100_000_000;
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, bits);

export interface BuildEngineOptions {
  readonly image: Image;
  readonly limits: BuildLimits;
  /** The size of its disk in MiB; 0: that of the machine's. */
  readonly diskMb: number;
  /** Where it reaches the registry of this installation: on the network, and then at this port of 127.0.0.1. */
  readonly registry?: { readonly container: string; readonly port: number };
  /** Addresses and networks that builds must not reach, besides those that are not public. */
  readonly denied: readonly string[];
  /** `IPv4:port` of what builds may use although it is private, such as a mirror of packages. */
  readonly allowed: readonly string[];
}

/** Returns the folder of its socket: in the home, unless that path is too long for a unix socket. */
export function buildSocketDir(home: string, instance: string): string {
  const folder = join(home, 'builds');
  return Buffer.byteLength(join(folder, 'docker.sock')) < LONGEST_PATH
    ? folder
    : join(tmpdir(), `nexos-${instance}-builds`);
}

/**
 * Describes the engine of isolated builds: with a network namespace, packet filter, disk and cgroup of its own. Nobody
 * reaches it but over its socket.
 */
export function buildEngine({ home, instance }: Owner, options: BuildEngineOptions): ContainerSpec {
  const { image, limits, diskMb, registry, denied, allowed } = options;
  const socketDir = buildSocketDir(home, instance);
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  const docker = new Docker({ socketPath: join(socketDir, 'docker.sock') });
  return {
    name: `nexos-${instance}-build-engine`,
    title: 'The engine of builds',
    image,
    network: { name: `nexos-${instance}-builds`, port: null },
    port: 0,
    firstPort: 0,
    portName: 'registry',
    deadlineMs: 60_000,
    config: () => ({
      Env: [
        ...(registry === undefined
          ? []
          : [`BUILD_REGISTRY=${registry.container}:5000`, `BUILD_REGISTRY_PORT=${registry.port}`]),
        `BUILD_ALLOWED=${allowed.join(' ')}`,
        `BUILD_DENIED_NETWORKS=${denied.join(' ')}`,
        `BUILD_DISK_MB=${diskMb}`,
        `BUILD_PIDS=${limits.pids}`,
        `BUILD_MEMORY_MB=${limits.memoryMb}`,
        `BUILD_SOCKET_GROUP=${process.getgid?.() ?? 0}`,
      ],
      HostConfig: {
        // What an engine in a container needs. It amounts to root on the machine: the steps of builds have none of it.
        CapAdd: ['ALL'],
        CapDrop: ['SYS_RESOURCE'],
        SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
        MaskedPaths: [],
        ReadonlyPaths: [],
        CgroupnsMode: 'host',
        DeviceCgroupRules: ['a *:* rwm'],
        Memory: (limits.memoryMb + OWN_MEMORY_MB) * MIB,
        PidsLimit: limits.pids + OWN_PIDS,
        CpuPeriod: CPU_PERIOD_US,
        CpuQuota: Math.round(limits.cpus * CPU_PERIOD_US),
        Mounts: [
          { Type: 'bind', Source: '/sys/fs/cgroup', Target: '/sys/fs/cgroup' },
          { Type: 'bind', Source: socketDir, Target: '/run/nexos-builds' },
          {
            Type: 'volume',
            Source: `nexos-${instance}-builds`,
            Target: '/var/lib/nexos-disk',
            VolumeOptions: {
              NoCopy: true,
              Labels: ownerLabels(home, instance),
              DriverConfig: { Name: 'local', Options: {} },
            },
          },
        ],
      },
    }),
    answers: () =>
      docker.ping().then(
        () => true,
        () => false,
      ),
  };
}

/**
 * Returns this machine's public addresses, of IPv6 their networks: builds have no business with the machine. The filter
 * knows those that are not public.
 */
export function machineAddresses(interfaces = networkInterfaces()): string[] {
  const addresses = Object.values(interfaces).flatMap((all) => all ?? []);
  const denied = addresses.flatMap(({ address, family, internal }) => {
    if (internal) return [];
    if (family === 'IPv4') return PRIVATE.check(address) ? [] : [address];
    // Privacy addresses change all the time.
    return /^[23]/.test(address) ? [networkOf(address)] : [];
  });
  return [...new Set(denied)].sort();
}

function networkOf(address: string): string {
  const [before = '', after] = address.split('%', 1)[0]?.split('::') ?? [];
  const [head, tail] = [before, after ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...(head ?? []), ...Array<string>(8).fill('0')];
  // Groups that `::` leaves out come before the tail.
  const kept =
    after === undefined ? (head ?? []) : [...groups.slice(0, 8 - (tail?.length ?? 0)), ...(tail ?? [])];
  return `${kept.slice(0, 4).join(':')}::/64`;
}

/**
 * Reads the size of the disk of builds from the environment; 0 if there is no limit.
 *
 * @throws SetupError
 */
export function readBuildDisk(environment: NodeJS.ProcessEnv): number {
  const text = environment.BUILD_DISK_MB?.trim() ?? '';
  const value = text === '' ? 20_480 : Number(text);
  if (Number.isInteger(value) && (value === 0 || (value >= 1024 && value <= MOST_DISK_MB))) return value;
  throw new SetupError(
    'BUILD_DISK_MB must be a whole number of at least 1024, or 0 for no limit. Correct it, or unset it.',
  );
}
