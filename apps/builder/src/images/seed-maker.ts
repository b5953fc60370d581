import { EngineConfig, ServicesConfig } from '@nexos/config';
import { ImageBuilder, ImagePusher, newImageTag, ownerLabels } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/git';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

const NAME = 'seed.sql';

/**
 * Builds the seed image: the Postgres image plus the dump that a new database starts from. It goes wherever the
 * deployment's app image goes, however large it is.
 */
@Injectable()
export class SeedMaker {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly builder: ImageBuilder,
    private readonly pusher: ImagePusher,
    private readonly engineConfig: EngineConfig,
    private readonly services: ServicesConfig,
  ) {}

  /**
   * @returns the image's id; null when the deployment has no dump
   * @throws {DeploymentFailure}
   */
  async make(task: BuildTask, { hooks }: DeploymentSettings, sha: string): Promise<string | null> {
    if (hooks.seed === null) return null;
    const { deployment, project, log, signal, guard } = task;
    log.note(`packing the seed ${hooks.seed}`);
    const context = await this.mirror.archiveFile({
      projectId: project.id,
      sha,
      path: hooks.seed,
      name: NAME,
      dockerfile: `FROM ${this.services.postgresImage}\nCOPY ${NAME} /${NAME}\n`,
      signal,
    });
    const { imageId } = await this.builder.build({
      context,
      dockerfile: 'Dockerfile',
      tag: newImageTag(this.engineConfig.instance, deployment.id),
      labels: ownerLabels(this.engineConfig.instance, {
        projectId: project.id,
        environmentId: deployment.environmentId,
        deploymentId: deployment.id,
      }),
      signal,
      guard,
      // The steps are ours; the failure reports what goes wrong.
      onLine: () => undefined,
    });
    if (this.engineConfig.registry === undefined) return imageId;
    const repository = `${this.engineConfig.instance}/${deployment.environmentId}`;
    return this.pusher.push(imageId, repository, signal, () => undefined, guard);
  }
}
