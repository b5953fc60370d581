import { WorkerConfig } from '@nexos/config';
import { ProjectsRepository } from '@nexos/state';
import { RepositoryMirror } from '@nexos/git';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Every few seconds, removes the mirrors of deleted projects from this builder's disk. Each project has its own mirror,
 * even for the same repository. A mirror that is still in use, for example by a build that has not noticed its
 * cancellation, or that was fetched again since, is removed next time.
 */
@Injectable()
export class MirrorSweeper extends PeriodicTask {
  private readonly logger = new Logger(MirrorSweeper.name);

  constructor(
    private readonly projects: ProjectsRepository,
    private readonly mirror: RepositoryMirror,
    { sweepMs }: WorkerConfig,
  ) {
    super('mirror sweep', sweepMs);
  }

  protected async run(): Promise<void> {
    const here = await this.mirror.projectIds();
    for (const id of await this.projects.findDeleted(here)) {
      if (await this.mirror.remove(id)) this.logger.log(`removed the mirror of the deleted project ${id}`);
    }
  }
}
