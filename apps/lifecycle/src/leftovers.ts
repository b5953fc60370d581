import { EngineConfig } from '@nexos/config';
import type { Lease } from '@nexos/database';
import { DeploymentServices, Images, serviceName } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { waitUntil } from './wait-until.js';

const STOPPING_MS = 60_000;

/** Takes away what an environment does not need any more: services of old versions, and their images. */
@Injectable()
export class Leftovers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly services: DeploymentServices,
    private readonly images: Images,
    private readonly engine: EngineConfig,
  ) {}

  async removeServices(deploymentIds: readonly string[], lease: Lease): Promise<void> {
    for (const deploymentId of deploymentIds) {
      await this.services.remove(serviceName(this.engine.instance, deploymentId), lease.guard);
    }
  }

  /** Keeps the image that is live, the one before it, and those of deployments that are still on their way. */
  async removeOldImages(environmentId: string, lease: Lease): Promise<void> {
    const kept = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM deployments
       WHERE environment_id = $1 AND status IN ('queued', 'building', 'deploying', 'live')
       UNION ALL
       (SELECT id FROM deployments WHERE environment_id = $1 AND status = 'replaced'
        ORDER BY finished_at DESC LIMIT 1)`,
      [environmentId],
    );
    const ids = new Set(kept.map((row) => row.id));
    for (const image of await this.images.listForEnvironment(environmentId)) {
      if (!ids.has(image.deploymentId)) await this.images.remove(image.id, lease.guard);
    }
  }

  /** Removes every image of an environment; its containers take a moment to stop and hold them until then. */
  async removeAllImages(environmentId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    const gone = async () => {
      for (const image of await this.images.listForEnvironment(environmentId)) {
        if ((await this.images.remove(image.id, lease.guard)) === 'in-use') return false;
      }
      return true;
    };
    if (!(await waitUntil(gone, { everyMs: 250, deadlineMs: STOPPING_MS }, signal))) {
      throw new Error(`an image of ${environmentId} is still in use`);
    }
  }
}
