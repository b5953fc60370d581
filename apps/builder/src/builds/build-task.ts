import { type LogWriter } from '@nexos/logs';
import { type DeploymentEntity, type ProjectEntity } from '@nexos/database';
import { type Guard } from '@nexos/engine';

/** Everything one build needs. */
export interface BuildTask {
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
  readonly token: string | undefined;
  readonly log: LogWriter;
  readonly signal: AbortSignal;
  readonly guard: Guard;
}
