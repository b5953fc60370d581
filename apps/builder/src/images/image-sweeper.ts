import { WorkerConfig } from '@nexos/config';
import { ImagesRepository, type UnwantedImage } from '@nexos/state';
import { Images } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Most images are removed with their deployment; one left behind only takes space, so sweeps are rare. */
const SWEEPS_BETWEEN = 12;
/** By this age, a builder that lost its build has noticed. */
const SETTLED_MS = 300_000;

/**
 * Periodically removes unused images from this builder's node. The version or environment may have been removed by a
 * worker on another node, and a crashed builder cleans up nothing. An image that a container still holds is
 * removed later.
 */
@Injectable()
export class ImageSweeper extends PeriodicTask {
  private readonly logger = new Logger(ImageSweeper.name);

  constructor(
    private readonly imageRows: ImagesRepository,
    private readonly images: Images,
    config: WorkerConfig,
  ) {
    super('image sweep', config.sweepMs * SWEEPS_BETWEEN);
  }

  protected async run(): Promise<void> {
    const here = await this.images.list({});
    const unwanted = await this.imageRows.findUnwanted(here, SETTLED_MS);
    let removed = 0;
    for (const image of unwanted) {
      if ((await this.isFree(image)) && (await this.remove(image.id))) removed++;
    }
    if (removed > 0) this.logger.log(`removed ${removed} unused image(s)`);
  }

  /** Evicts an old version first, unless it was rolled back to meanwhile. */
  private async isFree(image: UnwantedImage): Promise<boolean> {
    if (image.why === 'orphaned') return true;
    const { environmentId, deploymentId } = image;
    const old = await this.imageRows.evictOld(environmentId, [deploymentId]);
    return old.includes(deploymentId);
  }

  /** Logs a failure, so that the other images are still removed. */
  private async remove(id: string): Promise<boolean> {
    try {
      return (await this.images.remove(id)) === 'removed';
    } catch (error) {
      this.logger.warn(`could not remove the image ${id}, will retry: ${(error as Error).message}`);
      return false;
    }
  }
}
