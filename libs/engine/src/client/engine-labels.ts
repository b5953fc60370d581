import { APP_CONTAINER } from '@nexos/domain';
import { EngineForeignError } from './engine-errors.js';

/** The labels on everything Nexos creates on an engine. */
export const LABELS = {
  instance: 'dev.nexos.instance',
  project: 'dev.nexos.project',
  environment: 'dev.nexos.environment',
  deployment: 'dev.nexos.deployment',
  /** Which of a deployment's containers. */
  container: 'dev.nexos.container',
  /** The kind of a shared service; also on its volume. */
  service: 'dev.nexos.service',
  /** On containers, `true` or `false`: whether the agent connects them to the bridge of their project. */
  bridge: 'dev.nexos.bridge',
  /** On the relay of a project; a hash of its specification. */
  relay: 'dev.nexos.relay',
  /** The run of a one-off job; distinguishes it from an older job of the same name. */
  job: 'dev.nexos.job',
  /** On services whose image is pulled with a token: when that expires, in seconds since 1970. */
  pullUntil: 'dev.nexos.pull-until',
  /** On the jobs that run a user's command in an environment. */
  execution: 'dev.nexos.execution',
} as const;

/** The label of an engine whose builds have limits; set by its daemon's options. */
export const BUILD_LIMITS_LABEL = 'dev.nexos.build-limits';

/** The owner of an object on the engine. */
export interface Owner {
  readonly projectId?: string;
  readonly environmentId?: string;
  readonly deploymentId?: string;
  readonly executionId?: string;
  /** Which of the deployment's containers. */
  readonly container?: string;
}

export type Labels = Readonly<Record<string, string | undefined>>;

export function ownerLabels(instance: string, owner: Owner): Record<string, string> {
  return {
    [LABELS.instance]: instance,
    ...(owner.projectId !== undefined && { [LABELS.project]: owner.projectId }),
    ...(owner.environmentId !== undefined && { [LABELS.environment]: owner.environmentId }),
    ...(owner.deploymentId !== undefined && { [LABELS.deployment]: owner.deploymentId }),
    ...(owner.executionId !== undefined && { [LABELS.execution]: owner.executionId }),
    ...(owner.container !== undefined && { [LABELS.container]: owner.container }),
  };
}

/** Returns the value of the engine's `label` filter that finds the owner's objects. */
export function labelFilter(instance: string, owner: Owner): string[] {
  return Object.entries(ownerLabels(instance, owner)).map(([name, value]) => `${name}=${value}`);
}

/** Returns which container of its deployment something is; earlier releases had only the app. */
export function containerOf(labels: Labels | null | undefined): string {
  return labels?.[LABELS.container] ?? APP_CONTAINER;
}

export function isOurs(instance: string, labels: Labels | null | undefined): boolean {
  return labels?.[LABELS.instance] === instance;
}

/** @throws {EngineForeignError} when this installation did not create the object */
export function assertOurs(instance: string, labels: Labels | null | undefined, what: string): void {
  if (!isOurs(instance, labels)) {
    throw new EngineForeignError(
      `${what} does not have the label ${LABELS.instance}=${instance}, so it was left unchanged.`,
    );
  }
}
