import type { PauseChange } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Logs which projects were paused or resumed. */
@Injectable()
export class PauseLog {
  private readonly logger = new Logger('ProjectPauses');

  tell(changes: readonly PauseChange[]): void {
    for (const { projectId, from, to } of changes) {
      if (to === null) this.logger.log(`resumed the deploys of ${projectId}: ${String(from)} is over`);
      else this.logger.warn(`paused the deploys of ${projectId}: ${to}`);
    }
  }
}
