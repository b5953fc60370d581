import { ImagesRepository } from '@nexos/state';
import { Images } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';

/** Images that were built and that nothing came of. */
@Injectable()
export class UnwantedImages {
  private readonly logger = new Logger(UnwantedImages.name);

  constructor(
    private readonly images: Images,
    private readonly needed: ImagesRepository,
  ) {}

  /**
   * Removes those of them that no deployment has: a builder that comes too late may find that another one has built the
   * very same image. What cannot be removed is logged, for the error that led here is the one to tell.
   */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        if (!(await this.needed.isKept(id))) await this.images.remove(id);
      } catch (error) {
        this.logger.warn(`the image ${id} stays for now: ${(error as Error).message}`);
      }
    }
  }
}
