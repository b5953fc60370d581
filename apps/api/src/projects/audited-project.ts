import type { ProjectEntity } from '@nexos/database';
import { auditedSettings, projectSettings } from '@nexos/settings';

type Fields = Readonly<Record<string, unknown>>;

/** Names of the fields that are no settings, which are shown as they are. */
const OWN_FIELDS: readonly string[] = ['name', 'slug', 'github_repo', 'deploys_paused'];

/** Returns the fields of a project that the audit log compares. Only `shownProject` of them may be recorded. */
export function auditedProject(project: ProjectEntity): Fields {
  const { name, slug, githubRepo, pausedReason } = project;
  return { name, slug, github_repo: githubRepo, deploys_paused: pausedReason, ...projectSettings(project) };
}

/** Returns what the audit log shows of fields of a project: no secrets. */
export function shownProject(fields: Fields): Fields {
  const own = Object.entries(fields).filter(([name]) => OWN_FIELDS.includes(name));
  return { ...Object.fromEntries(own), ...auditedSettings(fields) };
}
