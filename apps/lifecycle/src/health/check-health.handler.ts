import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { HealthWatcher } from './health-watcher.js';

/** Looks at an environment whose app has exited. If the job is lost, the watcher's next turn does so. */
@Injectable()
@HandlesJob('lifecycle', 'check-health')
export class CheckHealthHandler implements JobHandler<'lifecycle', 'check-health'> {
  constructor(private readonly watcher: HealthWatcher) {}

  handle({ environmentId }: { environmentId: string }): Promise<void> {
    return this.watcher.look(environmentId);
  }
}
