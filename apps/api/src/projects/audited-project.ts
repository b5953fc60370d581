import type { ProjectEntity } from '@nexos/database';
import { projectSettings } from '@nexos/settings';

/** Returns the fields of a project that the audit log compares. Show them without the values of variables. */
export function auditedProject(project: ProjectEntity): Readonly<Record<string, unknown>> {
  const { name, slug, githubRepo, pausedReason } = project;
  return { name, slug, github_repo: githubRepo, deploys_paused: pausedReason, ...projectSettings(project) };
}
