import { EngineForeignError } from './engine-errors.js';

/** The labels on all that Nexos makes on an engine. */
export const LABELS = {
  instance: 'dev.nexos.instance',
  project: 'dev.nexos.project',
  environment: 'dev.nexos.environment',
  deployment: 'dev.nexos.deployment',
  /** The kind of a service that a project's environments share, and of its volume. */
  service: 'dev.nexos.service',
  /** What a one-off job is for; tells an older job of the same name from the one that is wanted. */
  job: 'dev.nexos.job',
  /** On the jobs of a command that somebody runs in an environment. */
  execution: 'dev.nexos.execution',
} as const;

/** What a thing on the engine belongs to. */
export interface Owner {
  readonly projectId?: string;
  readonly environmentId?: string;
  readonly deploymentId?: string;
  readonly executionId?: string;
}

export type Labels = Readonly<Record<string, string | undefined>>;

export function ownerLabels(instance: string, owner: Owner): Record<string, string> {
  return {
    [LABELS.instance]: instance,
    ...(owner.projectId !== undefined && { [LABELS.project]: owner.projectId }),
    ...(owner.environmentId !== undefined && { [LABELS.environment]: owner.environmentId }),
    ...(owner.deploymentId !== undefined && { [LABELS.deployment]: owner.deploymentId }),
    ...(owner.executionId !== undefined && { [LABELS.execution]: owner.executionId }),
  };
}

/** The value of the engine's `label` filter that finds what these owners have. */
export function labelFilter(instance: string, owner: Owner): string[] {
  return Object.entries(ownerLabels(instance, owner)).map(([name, value]) => `${name}=${value}`);
}

export function isOurs(instance: string, labels: Labels | null | undefined): boolean {
  return labels?.[LABELS.instance] === instance;
}

/** @throws {EngineForeignError} when the thing was not made by this installation */
export function assertOurs(instance: string, labels: Labels | null | undefined, what: string): void {
  if (!isOurs(instance, labels)) {
    throw new EngineForeignError(`${what} does not carry ${LABELS.instance}=${instance}: left alone.`);
  }
}
