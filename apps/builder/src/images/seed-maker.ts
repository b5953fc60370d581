import { EngineConfig, ServicesConfig } from '@nexos/config';
import { ImageBuilder, ImagePusher, newImageTag, ownerLabels } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/git';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

const NAME = 'seed.sql';

/**
 * Makes an image of the dump that a new database begins with: Postgres' own, with the file in it. It goes wherever the
 * deployment's other image goes, however large it is.
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
   * @returns the image; null when there is no dump
   * @throws {DeploymentFailure}
   */
  async make(order: BuildTask, { hooks }: DeploymentSettings, sha: string): Promise<string | null> {
    if (hooks.seed === null) return null;
    const { deployment, project, log, signal, guard } = order;
    log.say(`taking ${hooks.seed} along`);
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
      // The steps are ours; what goes wrong is told by the failure.
      onLine: () => undefined,
    });
    if (this.engineConfig.registry === undefined) return imageId;
    const repository = `${this.engineConfig.instance}/${deployment.environmentId}`;
    return this.pusher.push(imageId, repository, signal, () => undefined, guard);
  }
}
