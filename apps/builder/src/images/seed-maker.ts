import { EngineConfig, ServicesConfig } from '@nexos/config';
import { ImageBuilder, ImagePusher, newImageTag, ownerLabels } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/git';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';
import { HostRetries } from './host-retries.js';

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
    private readonly retries: HostRetries,
  ) {}

  /**
   * @returns the image's id; null when the deployment has no dump
   * @throws {DeploymentFailure}
   */
  async make(task: BuildTask, { hooks, services }: DeploymentSettings, sha: string): Promise<string | null> {
    if (hooks.seed === null) return null;
    const { deployment, project, log, signal, guard } = task;
    log.note(`packing the seed ${hooks.seed}`);
    // The steps are ours; the failure reports what goes wrong.
    const onLine = () => undefined;
    const dockerfile = `FROM ${this.imageFor(services.postgres)}\nCOPY ${NAME} /${NAME}\n`;
    const { seed } = hooks;
    const { imageId } = await this.retries.run(task, async () =>
      this.builder.build({
        context: await this.mirror.archiveFile({
          projectId: project.id,
          sha,
          path: seed,
          name: NAME,
          dockerfile,
          signal,
        }),
        dockerfile: 'Dockerfile',
        tag: newImageTag(this.engineConfig.instance, deployment.id),
        labels: ownerLabels(this.engineConfig.instance, {
          projectId: project.id,
          environmentId: deployment.environmentId,
          deploymentId: deployment.id,
        }),
        credentials: this.engineConfig.registryLogins(),
        signal,
        guard,
        onLine,
      }),
    );
    if (this.engineConfig.registry === undefined) return imageId;
    const repository = `${this.engineConfig.instance}/${project.id}/${deployment.environmentId}`;
    return this.retries.run(task, () => this.pusher.push(imageId, repository, signal, onLine, guard));
  }

  /** Returns the image that the database runs too, so that its node has most of the seed's layers already. */
  private imageFor(service: DeploymentSettings['services']['postgres']): string {
    const version = service === false ? undefined : service.version;
    const chosen = version === undefined ? undefined : this.services.imagesOf('postgres').get(version);
    return chosen ?? this.services.defaultImage('postgres');
  }
}
