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
 * What is free on the disks that builds write to: that of the mirrors, and the engine's where this process sees its
 * folder. A builder in a container does not, and neither does one whose engine is on another machine.
 */
@Injectable()
export class FreeSpace {
  /** An engine keeps its folder for as long as it runs, and being asked takes longer than looking. */
  private knownFolder: string | undefined;

  constructor(
    private readonly builder: BuilderConfig,
    private readonly engineConfig: EngineConfig,
    private readonly engine: Engine,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'nexos_disk_free_bytes',
      help: 'What is free on the disks that builds write to',
      labelNames: ['disk'],
      collect: async (gauge) => {
        for (const { name, freeBytes } of await this.disks()) gauge.set({ disk: name }, freeBytes);
      },
    });
  }

  /** @throws {DeploymentFailure} `disk_full` when less is free than a build may begin with */
  async assertEnough(): Promise<void> {
    const { minFreeMb } = this.builder;
    const low = (await this.disks()).find(({ freeBytes }) => freeBytes < minFreeMb * MIB);
    if (low === undefined) return;
    throw new DeploymentFailure(
      'disk_full',
      `The machine that builds has ${Math.floor(low.freeBytes / MIB)} MiB of disk left, and begins no build with less than ${minFreeMb} MiB. Nothing needs to be changed: tell the operator, who has to free some of it; then deploy again.`,
    );
  }

  private async disks(): Promise<Disk[]> {
    const engineFolder = await this.engineFolder();
    const free = await Promise.all([
      freeOf('mirrors', this.builder.mirrorDir),
      ...(engineFolder === null ? [] : [freeOf('engine', engineFolder)]),
    ]);
    return free.filter((disk) => disk !== null);
  }

  /** Null when it is not on this machine, or cannot be asked for: a build finds out by itself that the engine is away. */
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

/** Null when there is no such folder here. */
async function freeOf(name: Disk['name'], folder: string): Promise<Disk | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { name, freeBytes: bavail * bsize };
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
