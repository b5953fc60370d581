import { ServicesConfig } from '@nexos/config';
import { DeploymentFailure, type ServiceKind } from '@nexos/domain';
import { EngineNotFoundError, EngineRejectedError, Images } from '@nexos/engine';
import { versionChangeProblem } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import type { ServiceRecipe } from './service-recipe.js';

export interface ChosenImage {
  readonly imageId: string;
  /** Null if it is unknown. */
  readonly version: string | null;
}

/** Chooses the images of services among the versions that the operator offers. */
@Injectable()
export class ServiceImages {
  private readonly logger = new Logger(ServiceImages.name);

  constructor(
    private readonly images: Images,
    private readonly config: ServicesConfig,
  ) {}

  /**
   * Pulls the image of a new service, which may take minutes.
   *
   * @param wanted the version; undefined for the default one
   * @throws {DeploymentFailure} `service_not_ready`
   */
  async choose(
    { kind, title }: Pick<ServiceRecipe, 'kind' | 'title'>,
    wanted: string | undefined,
    signal: AbortSignal,
  ): Promise<ChosenImage> {
    const isDefault = wanted === undefined;
    const image = isDefault ? this.config.defaultImage(kind) : this.config.imagesOf(kind).get(wanted);
    if (image === undefined) {
      throw notReady(
        `This installation no longer offers ${title} ${wanted}. Choose another version, leave version out, or tell the operator.`,
      );
    }
    try {
      const imageId = await this.images.ensure(image, signal);
      return { imageId, version: wanted ?? this.config.defaultVersion(kind) };
    } catch (error) {
      if (!(error instanceof EngineRejectedError || error instanceof EngineNotFoundError)) throw error;
      this.logger.error(`could not pull ${image}: ${error.message}`);
      const variable = `SERVICE_${kind.toUpperCase()}_IMAGE${isDefault ? '' : 'S'}`;
      throw notReady(
        `The ${title} image could not be pulled. Tell the operator to check ${variable}.`,
        error,
      );
    }
  }

  /**
   * Returns the version of an image that a service was started with, by the tags that it has on this engine; null if
   * they do not tell, or name several.
   */
  async versionOf(kind: ServiceKind, imageId: string): Promise<string | null> {
    try {
      const { tags } = await this.images.inspect(imageId);
      const versions = new Set(tags.map((tag) => this.config.versionOf(kind, tag)));
      versions.delete(null);
      const [version = null, ...others] = versions;
      return others.length === 0 ? version : null;
    } catch (error) {
      if (!(error instanceof EngineRejectedError || error instanceof EngineNotFoundError)) throw error;
      return null;
    }
  }

  /**
   * Checks what the builder and the API check too, since another environment may have started the service meanwhile.
   *
   * @param current the version of the service's data; null if it is unknown: then any version will do
   * @throws {DeploymentFailure} `service_not_ready`
   */
  assertSameVersion(kind: ServiceKind, current: string | null, wanted: string | undefined): void {
    if (wanted === undefined) return;
    const problem = versionChangeProblem(kind, current, wanted);
    if (problem !== null) throw notReady(`services.${kind}.version ${problem}.`);
  }
}

function notReady(message: string, cause?: unknown): DeploymentFailure {
  return new DeploymentFailure('service_not_ready', message, cause === undefined ? {} : { cause });
}
