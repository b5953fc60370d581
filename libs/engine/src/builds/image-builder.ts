import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { asDeploymentFailure } from './build-failure.js';
import type { BuildLine } from './build-progress.js';
import { BuildStream } from './build-stream.js';
import { openBuildSession } from './build-session.js';
import { SYNCED_DOCKERFILE, type SyncedContext } from './context-sync.js';
import { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import { NO_CREDENTIALS, type RegistryCredentials } from '../images/registry-credentials.js';
import { LABELS } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { SSH } from './missing-secrets.js';
import type { RegistryFailure } from '../images/registry-failure.js';
import { sessionMethods } from './session-methods.js';
import { sshMethods } from './ssh-agent.js';
import { type SentContext, syncedContext, tarContext } from './tar-context.js';

export interface BuildRequest {
  /**
   * An uncompressed tar archive, which `build` reads to its end or destroys. Or, for a Dockerfile that is no part of the
   * context, one that can be opened.
   */
  readonly context: Readable | SyncedContext;
  /** The Dockerfile's path within the tar. */
  readonly dockerfile: string;
  /** Its text, so that failures can name stage and line. */
  readonly dockerfileText?: string;
  /** Its path for messages; by default the one within the context. */
  readonly dockerfileName?: string;
  /** The stage to build; the last one if left out. */
  readonly target?: string;
  /** Added to the image once it is complete; see `newImageTag`. */
  readonly tag: string;
  /** The image's owner; see `ownerLabels`. */
  readonly labels: Readonly<Record<string, string>>;
  /** No secrets: they can be read back from the image. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Secrets of `RUN --mount=type=secret`, by id. They are in no layer, argument or cache key: see `cacheScope`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** For pulls of images; without any, they are anonymous. */
  readonly credentials?: RegistryCredentials;
  /** Only builds of the same scope find in the cache what `RUN` steps made; null for that of builds without one. */
  readonly cacheScope?: string | null;
  /** Whose `RUN --mount=type=cache` folders it uses; the project's if left out. */
  readonly cacheMounts?: string;
  /** How long a registry may take to answer, in milliseconds. */
  readonly registryTimeoutMs?: number;
  /** Cancels the build; `build` then rejects with `BuildStoppedError`. */
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

/** The build's signal was aborted; the message is that of its reason. */
export class BuildStoppedError extends Error {
  constructor(
    reason: unknown,
    /** The step that was running, as messages name it. */
    readonly step: string | null,
    /** Set if the build was waiting for a registry. */
    readonly pull: RegistryFailure | null,
  ) {
    super(reason instanceof Error ? reason.message : String(reason), { cause: reason });
    this.name = 'BuildStoppedError';
  }
}

const VERSION_DEADLINE_MS = 2_000;
const REGISTRY_TIMEOUT_MS = 20_000;
const WATCH_MS = 250;

/** Builds images with the engine's BuildKit. */
@Injectable()
export class ImageBuilder {
  constructor(private readonly client: EngineClient) {}

  /**
   * Builds a Dockerfile and tags the image once the build has succeeded. A build cancelled between the two leaves an
   * image with labels but no tag.
   *
   * @throws the error of the context's stream, if it fails: nothing is built from an incomplete context
   * @throws {RegistryFailure} `base_image_unavailable`; a transient one is worth a retry
   * @throws {DeploymentFailure} `dockerfile_missing`, `dockerfile_invalid`, `build_step_failed`, or `engine_unavailable`,
   *   which is worth a retry
   * @throws {BuildStoppedError}
   */
  async build(request: BuildRequest): Promise<BuiltImage> {
    const { signal, tag, guard = UNGUARDED } = request;
    const context = 'open' in request.context ? syncedContext(request.context) : tarContext(request.context);
    const missingSecrets = new Set<string>();
    const stream = this.streamOf(request, missingSecrets);
    try {
      await guard();
      const imageId = await this.run(request, context, stream, missingSecrets);
      await this.tag(imageId, tag, guard);
      return { imageId };
    } catch (error) {
      if (signal.aborted) {
        throw new BuildStoppedError(signal.reason, stream.currentStep(), stream.silentRegistry(0));
      }
      context.failed.throwIfAborted();
      throw asDeploymentFailure(error);
    } finally {
      context.destroy();
    }
  }

  private streamOf(request: BuildRequest, missingSecrets: ReadonlySet<string>): BuildStream {
    const facts = {
      dockerfile: request.dockerfileName ?? request.dockerfile,
      dockerfileText: request.dockerfileText ?? '',
      buildArgs: request.buildArgs ?? {},
      registries: [...(request.credentials ?? NO_CREDENTIALS).keys()],
      missingSecrets,
    };
    return new BuildStream(facts, request.onLine, () => this.engineVersion());
  }

  private async run(
    request: BuildRequest,
    context: SentContext,
    stream: BuildStream,
    missingSecrets: Set<string>,
  ): Promise<string> {
    const stop = new AbortController();
    const abortSignal = AbortSignal.any([request.signal, context.failed, stop.signal]);
    abortSignal.throwIfAborted();
    const answers = {
      secrets: request.secrets ?? {},
      credentials: request.credentials ?? NO_CREDENTIALS,
      onMissingSecret: (id: string) => void missingSecrets.add(id),
    };
    const onMissingKey = (id: string) => void missingSecrets.add(`${SSH}${id}`);
    const session = await openBuildSession(
      this.client,
      [...sessionMethods(answers), ...sshMethods(answers.secrets, onMissingKey), ...context.sessionMethods],
      abortSignal,
    );
    const watch = setInterval(() => {
      const silent = stream.silentRegistry(request.registryTimeoutMs ?? REGISTRY_TIMEOUT_MS);
      if (silent !== null) stop.abort(silent);
    }, WATCH_MS);
    try {
      const response = await this.client.open({
        method: 'POST',
        path: '/build?',
        options: { _query: this.query(request, session.id), _body: {} },
        ...(context.body !== null && { file: context.body }),
        abortSignal,
      });
      const imageId = await stream.read(response);
      abortSignal.throwIfAborted();
      context.assertSent();
      return imageId;
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      clearInterval(watch);
      stop.abort();
      session.close();
    }
  }

  /** Returns null when the engine does not say. */
  private async engineVersion(): Promise<string | null> {
    try {
      const { Version: version } = await this.client.call((docker) => docker.version(), VERSION_DEADLINE_MS);
      return version;
    } catch (error) {
      if (error instanceof EngineError) return null;
      throw error;
    }
  }

  /** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild */
  private query(request: BuildRequest, session: string): Record<string, unknown> {
    const labels = { ...request.labels, [LABELS.instance]: this.client.instance };
    const mounts = request.cacheMounts ?? request.labels[LABELS.project];
    const buildArgs = {
      ...request.buildArgs,
      // Otherwise all projects would share the `RUN --mount=type=cache` folders and could poison them for others.
      ...(mounts !== undefined && { BUILDKIT_CACHE_MOUNT_NS: mounts }),
    };
    const { target } = request;
    const source =
      'open' in request.context
        ? { dockerfile: SYNCED_DOCKERFILE, remote: 'client-session' }
        : { dockerfile: request.dockerfile };
    // The names of other hosts that `RUN` steps know are part of their cache keys.
    const scope =
      request.cacheScope == null ? {} : { extrahosts: `${scopeHost(request.cacheScope)}:127.0.0.1` };
    return { version: '2', session, ...source, target, labels, buildargs: buildArgs, ...scope };
  }

  private async tag(imageId: string, tag: string, guard: Guard): Promise<void> {
    const colon = tag.lastIndexOf(':');
    const options = { repo: tag.slice(0, colon), tag: tag.slice(colon + 1) };
    await this.client.change(guard, (docker) => docker.getImage(imageId).tag(options));
  }
}

/** Returns a host name that only this scope has. */
function scopeHost(scope: string): string {
  return `${createHash('sha256').update(scope).digest('hex').slice(0, 32)}.build-cache.invalid`;
}
