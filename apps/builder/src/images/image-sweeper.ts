import { WorkerConfig } from '@nexos/config';
import { ImagesRepository, type UnwantedImage } from '@nexos/state';
import { Images } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Most images go with what they were built for; an image that is left behind only takes room. */
const SWEEPS_BETWEEN = 12;
/** A builder that has lost its build has seen so by then. */
const SETTLED_MS = 300_000;

/**
 * Now and then: removes the images that nobody wants from this builder's own machine. Whoever took the version or the
 * environment away may have been on another machine, and a builder that died has tidied up nothing. What a container
 * still holds is removed a later time.
 */
@Injectable()
export class ImageSweeper extends PeriodicTask {
  private readonly logger = new Logger(ImageSweeper.name);

  constructor(
    private readonly needed: ImagesRepository,
    private readonly images: Images,
    config: WorkerConfig,
  ) {
    super('image sweep', config.sweepMs * SWEEPS_BETWEEN);
  }

  protected async takeTurn(): Promise<void> {
    const here = await this.images.list({});
    const unwanted = await this.needed.findUnwanted(here, SETTLED_MS);
    let removed = 0;
    for (const image of unwanted) {
      if ((await this.isFree(image)) && (await this.remove(image.id))) removed++;
    }
    if (removed > 0) this.logger.log(`removed ${removed} image(s) that nobody wants`);
  }

  /** An old version is given up first, unless somebody went back to it meanwhile. */
  private async isFree(image: UnwantedImage): Promise<boolean> {
    if (image.why === 'nobodys') return true;
    const { environmentId, deploymentId } = image;
    const old = await this.needed.giveUpOld(environmentId, [deploymentId]);
    return old.includes(deploymentId);
  }

  /** What cannot be removed keeps no other from it. */
  private async remove(id: string): Promise<boolean> {
    try {
      return (await this.images.remove(id)) === 'removed';
    } catch (error) {
      this.logger.warn(`the image ${id} stays for now: ${(error as Error).message}`);
      return false;
    }
  }
}
