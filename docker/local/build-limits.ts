import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { codeOf, SetupError } from './setup-error.mjs';

/** The label of an engine whose builds have limits. The builder warns about an engine without it. */
export const BUILD_LIMITS_LABEL = 'dev.nexos.build-limits';
/** The parent of the cgroups of all containers, unless dockerd has another `cgroup-parent`. */
export const DEFAULT_CGROUP_PARENT = 'docker';

const CGROUPS = '/sys/fs/cgroup';
const MIB = 1024 * 1024;
const CPU_PERIOD_US = 100_000;

/** What all builds of an engine may use together. */
export interface BuildLimits {
  readonly pids: number;
  readonly memoryMb: number;
  readonly cpus: number;
}

/**
 * Reads the limits from the environment. By default builds leave a quarter of the memory and a tenth of the CPU time to
 * the rest of the machine.
 *
 * @throws SetupError
 */
export function readBuildLimits(environment: NodeJS.ProcessEnv): BuildLimits {
  const read = (name: string, initial: number, least: number): number => {
    const text = environment[name]?.trim() ?? '';
    const value = text === '' ? initial : Number(text);
    if (!(value >= least && value <= 4_194_304) || (name !== 'BUILD_CPUS' && !Number.isInteger(value))) {
      const kind = name === 'BUILD_CPUS' ? 'a number' : 'a whole number';
      throw new SetupError(`${name} must be ${kind} of at least ${least}. Correct it, or unset it.`);
    }
    return value;
  };
  return {
    pids: read('BUILD_PIDS', 2048, 16),
    memoryMb: read('BUILD_MEMORY_MB', Math.floor((totalmem() * 0.75) / MIB), 16),
    cpus: read('BUILD_CPUS', availableParallelism() * 0.9, 0.1),
  };
}

/**
 * Limits the cgroup that contains the cgroup of each build step, `<parent>/buildkit`. BuildKit ignores the limits of a
 * build request, and removes only the cgroups of the steps. Safe to repeat, also while builds run.
 *
 * @param root where the cgroup file system is mounted
 * @returns why the limits could not be set; null when they are
 */
export function applyBuildLimits(
  { pids, memoryMb, cpus }: BuildLimits,
  parent = DEFAULT_CGROUP_PARENT,
  root = CGROUPS,
): string | null {
  const bytes = String(memoryMb * MIB);
  const quota = Math.round(cpus * CPU_PERIOD_US);
  try {
    if (existsSync(join(root, 'cgroup.controllers'))) {
      const group = join(root, parent, 'buildkit');
      mkdirSync(group, { recursive: true });
      for (const folder of [root, join(root, parent)]) {
        writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu +memory +pids');
      }
      writeFileSync(join(group, 'pids.max'), String(pids));
      writeFileSync(join(group, 'memory.max'), bytes);
      writeIfExists(join(group, 'memory.swap.max'), '0');
      writeFileSync(join(group, 'cpu.max'), `${quota} ${CPU_PERIOD_US}`);
    } else {
      const [pidsGroup, memory, cpu] = (['pids', 'memory', 'cpu'] as const).map((controller) => {
        if (!existsSync(join(root, controller)))
          throw new Error(`the cgroup controller ${controller} is missing`);
        const group = join(root, controller, parent, 'buildkit');
        mkdirSync(group, { recursive: true });
        return group;
      }) as [string, string, string];
      writeFileSync(join(pidsGroup, 'pids.max'), String(pids));
      // Memory with swap must never be lower than memory alone.
      writeIfExists(join(memory, 'memory.memsw.limit_in_bytes'), '-1');
      writeFileSync(join(memory, 'memory.limit_in_bytes'), bytes);
      writeIfExists(join(memory, 'memory.memsw.limit_in_bytes'), bytes);
      writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(CPU_PERIOD_US));
      writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(quota));
    }
    return null;
  } catch (error) {
    // Without the rights, in a read-only container, or where another program manages the cgroups.
    return error instanceof Error ? (codeOf(error) ?? error.message) : String(error);
  }
}

function writeIfExists(path: string, text: string): void {
  if (existsSync(path)) writeFileSync(path, text);
}
