import type { ProjectEntity } from '@nexos/database';
import { pauseMessage } from '@nexos/domain';
import { ApiError } from '../http/problems/api-error.js';

/** @throws {ApiError} project-paused, while nothing is deployed to the project */
export function assertNotPaused({
  pausedReason,
  githubRepo,
}: Pick<ProjectEntity, 'pausedReason' | 'githubRepo'>): void {
  if (pausedReason !== null) throw new ApiError('project-paused', pauseMessage(pausedReason, githubRepo));
}
