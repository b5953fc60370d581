import type { LogWriter } from '@nexos/build-log';
import type { BuiltImage, DeploymentEntity, ProjectEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { Engine, ImageBuilder, ImagePusher, newImageTag, ownerLabels, type Guard } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/github';
import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

/** What one build works with. */
export interface BuildOrder {
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
  readonly token: string | undefined;
  readonly log: LogWriter;
  readonly signal: AbortSignal;
  readonly guard: Guard;
}

/** Turns a commit into an image: fetch, archive, build. */
@Injectable()
export class ImageMaker {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly builder: ImageBuilder,
    private readonly pusher: ImagePusher,
    private readonly engine: Engine,
    private readonly config: EngineConfig,
  ) {}

  /**
   * @returns the image, and the node that has it where no registry does
   * @throws {DeploymentFailure} saying what the user can change
   */
  async make(order: BuildOrder): Promise<BuiltImage> {
    const nodeId = await this.nodeId();
    await this.fetch(order);
    const imageId = await this.build(order);
    if (this.config.registry === undefined) return { imageId, nodeId };
    return { imageId: await this.push(order, imageId), nodeId: null };
  }

  private async push({ deployment, log, signal, guard }: BuildOrder, imageId: string): Promise<string> {
    log.say('pushing to the registry');
    const repository = `${this.config.instance}/${deployment.environmentId}`;
    return this.pusher.push(imageId, repository, signal, (line) => log.append(line), guard);
  }

  private async fetch({ deployment, project, token, log, signal }: BuildOrder): Promise<void> {
    const started = Date.now();
    log.say(`fetching ${deployment.commitSha.slice(0, 12)} of ${project.githubRepo}`);
    await this.mirror.fetchCommit({
      projectId: project.id,
      repository: project.githubRepo,
      sha: deployment.commitSha,
      branch: deployment.branch,
      token,
      signal,
    });
    log.say(`fetched in ${seconds(started)}`);
  }

  private async build({ deployment, project, log, signal, guard }: BuildOrder): Promise<string> {
    const { spec, environmentId } = deployment;
    const started = Date.now();
    const context = await this.mirror.archive({
      projectId: project.id,
      sha: deployment.commitSha,
      buildContext: spec.build_context,
      dockerfile: spec.dockerfile,
      signal,
    });
    log.say(`building ${spec.dockerfile}`);
    const { imageId } = await this.builder.build({
      context: context.stream,
      dockerfile: context.dockerfile,
      tag: newImageTag(this.config.instance, deployment.id),
      labels: ownerLabels(this.config.instance, {
        projectId: project.id,
        environmentId,
        deploymentId: deployment.id,
      }),
      signal,
      guard,
      onLine: (line) => log.append(line),
    });
    log.say(`built in ${seconds(started)}`);
    return imageId;
  }

  /** Without a registry an image stays where it was built. */
  private async nodeId(): Promise<string> {
    const { swarm } = await this.engine.info();
    if (swarm.nodeId === null) {
      throw new DeploymentFailure(
        'engine_unavailable',
        'The builder is not part of the cluster at the moment. Deploy again in a while; if that does not help, tell the operator.',
      );
    }
    return swarm.nodeId;
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
