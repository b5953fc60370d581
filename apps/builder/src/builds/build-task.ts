import { type LogWriter } from '@nexos/logs';
import { type DeploymentEntity, type ProjectEntity } from '@nexos/database';
import { type Guard } from '@nexos/engine';
import { type DecryptedVariables } from '@nexos/env-vars';

/** What a build writes to its log. */
export type BuildOutput = Pick<LogWriter, 'note' | 'append' | 'redact' | 'redactAlso'>;

/** Everything one build needs. */
export interface BuildTask {
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
  readonly token: string | undefined;
  readonly variables: DecryptedVariables;
  readonly log: BuildOutput;
  readonly signal: AbortSignal;
  readonly guard: Guard;
}
