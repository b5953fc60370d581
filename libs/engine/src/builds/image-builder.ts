import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { asDeploymentFailure } from './build-failure.js';
import type { BuildLine } from './build-progress.js';
import { BuildStream } from './build-stream.js';
import { openBuildSession } from './build-session.js';
import { EngineClient } from '../client/engine-client.js';
import { LABELS } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { type TarContext, tarContext } from './tar-context.js';

export interface BuildRequest {
  /** An uncompressed tar archive; `build` reads it to its end or destroys it. */
  readonly context: Readable;
  /** The Dockerfile's path within the context. */
  readonly dockerfile: string;
  /** Added to the image once it is complete; see `newImageTag`. */
  readonly tag: string;
  /** The image's owner; see `ownerLabels`. */
  readonly labels: Readonly<Record<string, string>>;
  /** No secrets: they can be read back from the image. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Cancels the build; `build` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called for each line in order. The build's output waits until the call has finished. */
  readonly onLine: (line: BuildLine) => void | Promise<void>;
  /** Awaited before the build begins and before the image is tagged. */
  readonly guard?: Guard;
}

export interface BuiltImage {
  /** `sha256:…` */
  readonly imageId: string;
}

/** Builds images with the engine's BuildKit. */
@Injectable()
export class ImageBuilder {
  constructor(private readonly client: EngineClient) {}

  /**
   * Builds a Dockerfile and tags the image once the build has succeeded. A build cancelled between the two leaves an
   * image with labels but no tag.
   *
   * @throws the error of the context's stream, if it fails: nothing is built from an incomplete context
   * @throws {DeploymentFailure} `dockerfile_missing`, `dockerfile_invalid`, `base_image_unavailable`,
   *   `build_step_failed`, or `engine_unavailable`, which is worth a retry
   */
  async build(request: BuildRequest): Promise<BuiltImage> {
    const { signal, tag, guard = UNGUARDED } = request;
    const context = tarContext(request.context);
    try {
      await guard();
      const imageId = await this.run(request, context);
      await this.tag(imageId, tag, guard);
      return { imageId };
    } catch (error) {
      signal.throwIfAborted();
      context.failed.throwIfAborted();
      throw asDeploymentFailure(error);
    } finally {
      context.destroy();
    }
  }

  private async run(request: BuildRequest, context: TarContext): Promise<string> {
    const stop = new AbortController();
    const abortSignal = AbortSignal.any([request.signal, context.failed, stop.signal]);
    abortSignal.throwIfAborted();
    const session = await openBuildSession(this.client, abortSignal);
    try {
      const response = await this.client.open({
        method: 'POST',
        path: '/build?',
        options: this.query(request, session.id),
        file: context.body,
        abortSignal,
      });
      const imageId = await new BuildStream(request.dockerfile, request.onLine).read(response);
      abortSignal.throwIfAborted();
      context.assertSent();
      return imageId;
    } finally {
      stop.abort();
      session.close();
    }
  }

  /** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild */
  private query(request: BuildRequest, session: string): Record<string, unknown> {
    const labels = { ...request.labels, [LABELS.instance]: this.client.instance };
    const project = request.labels[LABELS.project];
    const buildArgs = {
      ...request.buildArgs,
      // Otherwise all projects would share the `RUN --mount=type=cache` folders and could poison them for others.
      ...(project !== undefined && { BUILDKIT_CACHE_MOUNT_NS: project }),
    };
    return { version: '2', session, dockerfile: request.dockerfile, labels, buildargs: buildArgs };
  }

  private async tag(imageId: string, tag: string, guard: Guard): Promise<void> {
    const colon = tag.lastIndexOf(':');
    const options = { repo: tag.slice(0, colon), tag: tag.slice(colon + 1) };
    await this.client.change(guard, (docker) => docker.getImage(imageId).tag(options));
  }
}
