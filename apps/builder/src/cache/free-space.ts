import { statfs } from 'node:fs/promises';
import { BuilderConfig, EngineConfig } from '@nexos/config';
import { DeploymentFailure } from '@nexos/domain';
import { Engine, EngineUnavailableError } from '@nexos/engine';
import { Metrics } from '@nexos/observability';
import { Injectable } from '@nestjs/common';

const MIB = 1024 * 1024;

interface Disk {
  readonly name: 'mirrors' | 'engine';
  readonly freeBytes: number;
}

/**
 * Measures free space on the disks that builds write to: the mirrors' disk, and the engine's where this process can see
 * its folder. A builder in a container cannot, nor one whose engine runs on another machine.
 */
@Injectable()
export class FreeSpace {
  /** Cached: the folder never changes while the engine runs, and asking is slower than `statfs`. */
  private knownFolder: string | undefined;

  constructor(
    private readonly builder: BuilderConfig,
    private readonly engineConfig: EngineConfig,
    private readonly engine: Engine,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'nexos_disk_free_bytes',
      help: 'Free bytes on the disks that builds write to',
      labelNames: ['disk'],
      collect: async (gauge) => {
        for (const { name, freeBytes } of await this.disks()) gauge.set({ disk: name }, freeBytes);
      },
    });
  }

  /** @throws {DeploymentFailure} `disk_full` when too little is free to start a build */
  async assertEnough(): Promise<void> {
    const { minFreeMb } = this.builder;
    const low = (await this.disks()).find(({ freeBytes }) => freeBytes < minFreeMb * MIB);
    if (low === undefined) return;
    throw new DeploymentFailure(
      'disk_full',
      `The build machine has ${Math.floor(low.freeBytes / MIB)} MiB of free disk space and needs ${minFreeMb} MiB to start a build. Tell the operator to free some space, then deploy again.`,
    );
  }

  private async disks(): Promise<Disk[]> {
    const engineFolder = await this.engineFolder();
    const free = await Promise.all([
      measure('mirrors', this.builder.mirrorDir),
      ...(engineFolder === null ? [] : [measure('engine', engineFolder)]),
    ]);
    return free.filter((disk) => disk !== null);
  }

  /**
   * Returns null when the folder is on another machine or the engine is unreachable, which the build itself detects.
   */
  private async engineFolder(): Promise<string | null> {
    if (!this.engineConfig.dockerHost.startsWith('unix:')) return null;
    try {
      return (this.knownFolder ??= (await this.engine.info()).rootFolder);
    } catch (error) {
      if (error instanceof EngineUnavailableError) return null;
      throw error;
    }
  }
}

/** Returns null when this process cannot see the folder. */
async function measure(name: Disk['name'], folder: string): Promise<Disk | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { name, freeBytes: bavail * bsize };
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
