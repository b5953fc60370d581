import { withDeadline } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError, streamedError } from '../client/engine-errors.js';
import { LABELS, type Labels, type Owner, assertOurs, labelFilter } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { type HistoryEntry, type ImageLayer, imageLayers } from './image-layers.js';
import { readJsonLines } from '../client/json-lines.js';

/** Deleting many layers takes a while. */
const REMOVE_DEADLINE_MS = 60_000;
const PULL_DEADLINE_MS = 600_000;

/** `in-use`: a container, running or stopped, still uses it. */
export type ImageRemoval = 'removed' | 'missing' | 'in-use';

export interface ImageFacts {
  /** `sha256:…` */
  readonly id: string;
  readonly labels: Labels;
  readonly tags: readonly string[];
  /** The TCP ports of the Dockerfile's EXPOSE, in ascending order. */
  readonly exposedPorts: readonly number[];
  /** The paths of the Dockerfile's VOLUME. */
  readonly volumes: readonly string[];
  readonly sizeBytes: number;
}

/** An image built for a deployment. */
export interface BuiltImageFacts {
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly sizeBytes: number;
}

/** An image of this installation that came from the registry. */
export interface PulledImage {
  readonly id: string;
  /** The digests by which services run it: `registry/repository@sha256:…` */
  readonly references: readonly string[];
  readonly createdAt: Date;
}

/** The images on this engine. */
@Injectable()
export class Images {
  constructor(private readonly client: EngineClient) {}

  async exists(id: string): Promise<boolean> {
    try {
      await this.inspect(id);
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /** @throws {EngineNotFoundError} when the image does not exist */
  async inspect(id: string): Promise<ImageFacts> {
    const image = await this.client.call((docker) => docker.getImage(id).inspect());
    // The engine reports missing labels, ports and tags as null.
    const config: {
      Labels?: Labels | null;
      ExposedPorts?: Record<string, object> | null;
      Volumes?: Record<string, object> | null;
    } = image.Config;
    return {
      id: image.Id,
      labels: config.Labels ?? {},
      tags: realTags(image.RepoTags),
      exposedPorts: tcpPorts(Object.keys(config.ExposedPorts ?? {})),
      volumes: Object.keys(config.Volumes ?? {}).sort(),
      sizeBytes: image.Size,
    };
  }

  /**
   * Returns the id of the referenced image; pulls the image when this engine does not have it.
   *
   * @param reference with a tag or a digest
   * @throws {EngineRejectedError} when the registry refuses the pull
   */
  async ensure(reference: string, signal: AbortSignal): Promise<string> {
    try {
      return (await this.inspect(reference)).id;
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
    }
    const response = await this.client.open({
      method: 'POST',
      path: '/images/create?',
      options: { _query: { fromImage: reference }, _body: {} },
      authconfig: this.client.access.forImage(reference),
      abortSignal: withDeadline(signal, PULL_DEADLINE_MS),
    });
    for await (const message of readJsonLines(response)) {
      if (typeof message.error === 'string') throw streamedError(message.error);
    }
    return (await this.inspect(reference)).id;
  }

  /**
   * Returns the layers of an image. The engine stores layers with the same id only once.
   *
   * @throws {EngineNotFoundError} when the image does not exist
   */
  async layers(id: string): Promise<ImageLayer[]> {
    const image = await this.client.call((docker) => docker.getImage(id).inspect());
    const history: unknown = await this.client.call((docker) => docker.getImage(id).history());
    return imageLayers(image, history as HistoryEntry[]);
  }

  /**
   * Removes an image and all its tags.
   *
   * @throws {EngineForeignError} when this installation did not build it
   */
  async remove(id: string, guard: Guard = UNGUARDED): Promise<ImageRemoval> {
    try {
      const image = await this.inspect(id);
      assertOurs(this.client.instance, image.labels, `The image ${id}`);
      const [first, ...others] = image.tags;
      // An image with several tags cannot be removed by its id; removing the last tag removes the image.
      for (const reference of [...others, first ?? image.id]) {
        await this.client.change(guard, (docker) => docker.getImage(reference).remove(), REMOVE_DEADLINE_MS);
      }
      return 'removed';
    } catch (error) {
      if (error instanceof EngineNotFoundError) return 'missing';
      if (error instanceof EngineConflictError) return 'in-use';
      throw error;
    }
  }

  /** Lists the images of this installation that have no tag and came from `REGISTRY_URL`: another engine built them. */
  async listPulled(): Promise<PulledImage[]> {
    const { instance, registry } = this.client;
    if (registry === undefined) return [];
    const label = labelFilter(instance, {});
    const images = await this.client.call((docker) => docker.listImages({ filters: { label } }));
    return images.flatMap(({ Id, RepoTags, RepoDigests, Created }) => {
      const references = (RepoDigests ?? []).filter((text) => text.startsWith(`${registry}/${instance}/`));
      const isPulled = references.length > 0 && realTags(RepoTags).length === 0;
      return isPulled ? [{ id: Id, references, createdAt: new Date(Created * 1000) }] : [];
    });
  }

  /** Lists the images built for an environment, newest first. */
  listForEnvironment(environmentId: string): Promise<BuiltImageFacts[]> {
    return this.list({ environmentId });
  }

  /** Lists the images built for the owner, newest first, including untagged ones. */
  async list(owner: Owner): Promise<BuiltImageFacts[]> {
    const label = labelFilter(this.client.instance, owner);
    const images = await this.client.call((docker) => docker.listImages({ filters: { label } }));
    const facts = images.map((image) => ({
      id: image.Id,
      projectId: image.Labels[LABELS.project] ?? '',
      environmentId: image.Labels[LABELS.environment] ?? '',
      deploymentId: image.Labels[LABELS.deployment] ?? '',
      tags: realTags(image.RepoTags),
      createdAt: new Date(image.Created * 1000),
      sizeBytes: image.Size,
    }));
    // The engine reports whole seconds; on a tie, the later deployment has the greater id.
    return facts.sort(
      (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.deploymentId.localeCompare(a.deploymentId),
    );
  }
}

function realTags(tags: readonly string[] | null | undefined): string[] {
  return (tags ?? []).filter((tag) => tag !== '<none>:<none>');
}

function tcpPorts(exposed: readonly string[]): number[] {
  return exposed
    .map((port) => /^(\d{1,5})(\/tcp)?$/.exec(port)?.[1])
    .filter((port) => port !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}
