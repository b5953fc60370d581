import { type DeployableImage, DeploymentsRepository } from '@nexos/state';
import { assertPublicSources, settleAll, DeploymentFailure, isDiskFull, registryOf } from '@nexos/domain';
import { type DeploymentSettings } from '@nexos/settings';
import { Engine, ImageBuilder, ImagePusher, Images, newImageTag, ownerLabels } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/git';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { BuildCacheKeeper } from '../cache/build-cache-keeper.js';
import { BuildLostError } from '../builds/build-lease.js';
import type { BuildTask } from '../builds/build-task.js';
import { CommittedConfig } from '../builds/committed-config.js';
import { FreeSpace } from '../cache/free-space.js';
import { ImageLimits } from './image-limits.js';
import { SeedMaker } from './seed-maker.js';
import { UnwantedImages } from './unwanted-images.js';

/** Turns a commit into an image: fetches it, reads its configuration, archives and builds it. */
@Injectable()
export class ImageMaker {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly committed: CommittedConfig,
    private readonly seeds: SeedMaker,
    private readonly images: Images,
    private readonly unwanted: UnwantedImages,
    private readonly builder: ImageBuilder,
    private readonly pusher: ImagePusher,
    private readonly space: FreeSpace,
    private readonly limits: ImageLimits,
    private readonly cache: BuildCacheKeeper,
    private readonly engine: Engine,
    private readonly config: EngineConfig,
    private readonly services: ServicesConfig,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * @returns the image, and the node that holds it when there is no registry
   * @throws {DeploymentFailure} that says what the user can change
   */
  async make(task: BuildTask): Promise<DeployableImage> {
    await this.space.assertEnough();
    await this.removeEarlierImages(task);
    const [nodeId, sha] = await settleAll([this.nodeId(), this.fetchSource(task)]);
    const settings = await this.committed.applyTo(task, sha);
    const end = this.cache.watch(task.project.id, task.signal);
    try {
      const { imageId, seedImageId } = await this.makeImages(task, sha, settings);
      await end({ discardRecords: false });
      return { imageId, seedImageId, nodeId: this.config.registry === undefined ? nodeId : null };
    } catch (error) {
      await end({ discardRecords: isDiskFull(error) });
      throw error;
    }
  }

  private async makeImages(
    task: BuildTask,
    sha: string,
    settings: DeploymentSettings,
  ): Promise<Omit<DeployableImage, 'nodeId'>> {
    const seedImageId = await this.seeds.make(task, settings, sha);
    const made = seedImageId === null ? [] : [seedImageId];
    try {
      const imageId = await this.build(task, sha, settings);
      made.push(imageId);
      await this.limits.makeRoom(task, imageId);
      if (this.config.registry === undefined) return { imageId, seedImageId };
      return { imageId: await this.push(task, imageId), seedImageId };
    } catch (error) {
      await this.unwanted.remove(made);
      throw error;
    }
  }

  /** Fetches the commit to build and returns its SHA. */
  private async fetchSource(task: BuildTask): Promise<string> {
    const sha = task.deployment.commitSha ?? (await this.resolve(task));
    await this.fetch(task, sha);
    return sha;
  }

  /** Removes images that a crashed builder left of this deployment. */
  private async removeEarlierImages({ deployment, guard }: BuildTask): Promise<void> {
    if (deployment.attempt === 1) return;
    for (const { id } of await this.images.list({ deploymentId: deployment.id })) {
      await this.images.remove(id, guard);
    }
  }

  private async push({ deployment, log, signal, guard }: BuildTask, imageId: string): Promise<string> {
    log.note('pushing to the registry');
    const repository = `${this.config.instance}/${deployment.environmentId}`;
    return this.pusher.push(imageId, repository, signal, (line) => log.append(line), guard);
  }

  /** Resolves the branch's current tip for a deployment that names no commit. */
  private async resolve({ deployment, project, token, log, signal }: BuildTask): Promise<string> {
    const { branch } = deployment;
    const tip = await this.mirror.tipOf({ repository: project.githubRepo, branch, token, signal });
    if (tip === null) {
      const message = `The branch ${branch} does not exist in ${project.githubRepo}. Push it, or deploy another branch.`;
      throw new DeploymentFailure('branch_not_found', message);
    }
    if (!(await this.deployments.setCommit(deployment, tip))) throw new BuildLostError();
    log.note(`${branch} is at ${tip.slice(0, 12)}`);
    return tip;
  }

  private async fetch({ deployment, project, token, log, signal }: BuildTask, sha: string): Promise<void> {
    const started = Date.now();
    log.note(`fetching ${sha.slice(0, 12)} from ${project.githubRepo}`);
    await this.mirror.fetchCommit({
      projectId: project.id,
      repository: project.githubRepo,
      sha,
      branch: deployment.branch,
      token,
      signal,
    });
    log.note(`fetched in ${seconds(started)}`);
  }

  private async build(
    { deployment, project, log, signal, guard }: BuildTask,
    sha: string,
    settings: DeploymentSettings,
  ): Promise<string> {
    const { environmentId } = deployment;
    const started = Date.now();
    const context = await this.mirror.archive({
      projectId: project.id,
      sha,
      buildContext: settings.build_context,
      dockerfile: settings.dockerfile,
      inspect: (dockerfile) => {
        const { dockerfile: path, build_args: buildArgs } = settings;
        assertPublicSources(dockerfile, { path, buildArgs, registries: this.registries() });
      },
      signal,
    });
    log.note(`building ${settings.dockerfile}`);
    const { imageId } = await this.builder.build({
      context: context.stream,
      dockerfile: context.dockerfile,
      tag: newImageTag(this.config.instance, deployment.id),
      labels: ownerLabels(this.config.instance, {
        projectId: project.id,
        environmentId,
        deploymentId: deployment.id,
      }),
      buildArgs: settings.build_args,
      signal,
      guard,
      onLine: (line) => log.append(line),
    });
    log.note(`built in ${seconds(started)}`);
    return imageId;
  }

  /** Returns the registries that the operator configured, which may be private. */
  private registries(): string[] {
    const { registry } = this.config;
    const images = [this.services.postgresImage, ...(registry === undefined ? [] : [`${registry}/`])];
    return images.flatMap((image) => registryOf(image) ?? []);
  }

  /** Returns this engine's node: without a registry, an image stays where it was built. */
  private async nodeId(): Promise<string> {
    const { swarm } = await this.engine.info();
    if (swarm.nodeId === null) {
      throw new DeploymentFailure(
        'engine_unavailable',
        'The build machine is currently not a node of the Swarm. Deploy again later; if that does not help, tell the operator.',
      );
    }
    return swarm.nodeId;
  }
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
