import { posix } from 'node:path';
import { assertPublicSources, isForkBranch, namesFile, registryOf } from '@nexos/domain';
import { type DeploymentSettings } from '@nexos/settings';
import { type BuildRequest, ImageBuilder, newImageTag, ownerLabels } from '@nexos/engine';
import { dockerfileContext, RepositoryMirror } from '@nexos/git';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';
import type { BuildInputs } from './build-inputs.js';
import { CacheScopes } from './cache-scopes.js';
import type { ImageSource } from './container-images.js';
import { lineOnPointers } from './lfs-line.js';

/** One image to build. */
export interface ImageBuild {
  readonly task: BuildTask;
  readonly sha: string;
  readonly settings: DeploymentSettings;
  readonly inputs: BuildInputs;
  readonly source: ImageSource;
  /** What the log says that it is for, if that is not plain. */
  readonly purpose?: string;
  /** Warnings that this deployment's log has already. */
  readonly warned: Set<string>;
}

/** Builds one image: from a Dockerfile of a commit, or from an image of a registry. */
@Injectable()
export class SourceBuilder {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly builder: ImageBuilder,
    private readonly config: EngineConfig,
    private readonly services: ServicesConfig,
    private readonly cacheScopes: CacheScopes,
  ) {}

  /**
   * @returns the image's id
   * @throws {DeploymentFailure} that says what the user can change
   */
  async build(build: ImageBuild): Promise<string> {
    const started = Date.now();
    const { image } = build.source;
    const source = image === null ? await this.open(build) : this.take(build, image);
    const { task, inputs } = build;
    const { deployment, project, log, signal, guard } = task;
    const { imageId } = await this.builder.build({
      ...source,
      tag: newImageTag(this.config.instance, deployment.id),
      labels: ownerLabels(this.config.instance, {
        projectId: project.id,
        environmentId: deployment.environmentId,
        deploymentId: deployment.id,
      }),
      credentials: inputs.credentials,
      cacheScope: this.cacheScopes.of(deployment, inputs),
      // A stranger's build must not fill the folders of the project's own.
      ...(isForkBranch(deployment.branch) && { cacheMounts: deployment.environmentId }),
      signal,
      guard,
      onLine: (line) => log.append(line),
    });
    log.note(`built in ${seconds(started)}`);
    return imageId;
  }

  /** Opens the build context, of which the Dockerfile is checked first. */
  private async open({
    task,
    sha,
    settings,
    inputs,
    source,
    purpose = '',
    warned,
  }: ImageBuild): Promise<BuildSource> {
    const { project, log, signal } = task;
    const { target } = source;
    const path = source.dockerfile ?? settings.dockerfile;
    const buildContext = source.context ?? settings.build_context;
    let buildArgs: Readonly<Record<string, string>> = {};
    const context = await this.mirror.archive({
      projectId: project.id,
      sha,
      buildContext,
      dockerfile: path,
      inspect: (dockerfile) => {
        buildArgs = inputs.buildArgs(dockerfile);
        assertPublicSources(dockerfile, { path, buildArgs, registries: this.registries() });
      },
      // A change of the file alone must not invalidate the layers after `COPY . .`.
      leaveOut: (dockerfile) => {
        const texts = [dockerfile, ...Object.values(buildArgs)];
        const inContext = posix.relative(buildContext, settings.config_path);
        return namesFile(texts.join('\n'), inContext) ? null : settings.config_path;
      },
      signal,
    });
    const warning = lineOnPointers(context.lfsPointers);
    if (warning !== null && !warned.has(warning)) log.note(log.redact(warning));
    if (warning !== null) warned.add(warning);
    log.note(`building ${path}${target === null ? '' : `, stage ${target}`}${purpose}`);
    return {
      context:
        context.dockerfile === null ? { open: context.open, dockerfile: context.content } : context.open(),
      dockerfile: context.dockerfile ?? path,
      dockerfileText: context.content.toString(),
      dockerfileName: path,
      ...(target !== null && { target }),
      buildArgs,
      secrets: inputs.secrets,
    };
  }

  /** Builds an image of its own from one of a registry, unchanged, so that the same checks, limits and removal apply. */
  private take({ task }: ImageBuild, image: string): BuildSource {
    const dockerfile = `FROM ${image}\n`;
    assertPublicSources(dockerfile, { path: null, buildArgs: {}, registries: this.registries() });
    task.log.note(`taking ${image}`);
    return { context: dockerfileContext(dockerfile), dockerfile: 'Dockerfile' };
  }

  /** Returns the registries that the operator configured, which may be private. */
  private registries(): string[] {
    const { registry } = this.config;
    const images = [
      this.services.defaultImage('postgres'),
      ...this.services.imagesOf('postgres').values(),
      ...(registry === undefined ? [] : [`${registry}/`]),
    ];
    return [...this.config.registryLogins().keys(), ...images.flatMap((image) => registryOf(image) ?? [])];
  }
}

type BuildSource = Pick<
  BuildRequest,
  'context' | 'dockerfile' | 'dockerfileText' | 'dockerfileName' | 'target' | 'buildArgs' | 'secrets'
>;

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
