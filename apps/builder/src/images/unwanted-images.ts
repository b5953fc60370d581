import { ImagesRepository } from '@nexos/state';
import { Images } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';

/** Removes images of builds that came to nothing. */
@Injectable()
export class UnwantedImages {
  private readonly logger = new Logger(UnwantedImages.name);

  constructor(
    private readonly images: Images,
    private readonly imageRows: ImagesRepository,
  ) {}

  /**
   * Removes the images that no deployment has: a late builder may find that another one built the very same image.
   * Failures are only logged, so that they do not hide the error that led here.
   */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        if (!(await this.imageRows.isKept(id))) await this.images.remove(id);
      } catch (error) {
        this.logger.warn(`could not remove the image ${id}: ${(error as Error).message}`);
      }
    }
  }
}
