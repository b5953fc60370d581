import { DeploymentFailure } from '@nexos/domain';
import { isTransient, registryName, type RegistryProblem } from './registry-problem.js';

/** An image could not be pulled from a registry, or pushed to it. */
export class RegistryFailure extends DeploymentFailure {
  constructor(
    code: 'base_image_unavailable' | 'push_failed',
    message: string,
    /** For a message about a retry, such as `Docker Hub limits the rate of requests`. */
    readonly reason: string,
    /** Whether the same may succeed soon. */
    readonly isTransient: boolean,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }

  /** Returns this failure as one that remained after several attempts. */
  after(attempts: number): RegistryFailure {
    return this.saying(`${this.message} Nexos tried ${attempts} times.`);
  }

  /** Returns this failure as one of a container of a version. */
  of(container: string): RegistryFailure {
    return this.saying(`${container}: ${this.message}`);
  }

  private saying(message: string): RegistryFailure {
    const { code, reason, isTransient } = this;
    return new RegistryFailure(code as 'push_failed', message, reason, isTransient, { cause: this });
  }
}

/** An image that could not be pulled. */
export interface FailedPull {
  /** As messages name it. */
  readonly image: string;
  /** Begins the message, such as `Line 1 of "Dockerfile": the image "node:22"`. */
  readonly subject: string;
  /** Whether the build had credentials for the registry. */
  readonly hasCredentials: boolean;
}

const SET_CREDENTIALS = 'PUT /projects/:id/registries';

/** Explains why an image could not be pulled and what to change about it. */
export function pullFailure(
  pull: FailedPull,
  problem: RegistryProblem,
  options: { cause: unknown },
): RegistryFailure {
  const registry = registryName(pull.image);
  const why = reasonOf(registry, problem);
  const message = `${pull.subject} could not be pulled: ${why}. ${remedyOf(registry, pull, problem)}`;
  return new RegistryFailure('base_image_unavailable', message, why, isTransient(problem), options);
}

/** Explains why an image could not be pushed to the operator's registry. */
export function pushFailure(
  registry: string,
  problem: RegistryProblem,
  options: { cause: unknown },
): RegistryFailure {
  const why = reasonOf(registry, problem);
  const then = isTransient(problem)
    ? 'Deploy again once the registry works.'
    : 'Tell the operator to check REGISTRY_URL and REGISTRY_CREDENTIALS, then deploy again.';
  const message = `The image could not be pushed: ${why}. ${then}`;
  return new RegistryFailure('push_failed', message, why, isTransient(problem), options);
}

function reasonOf(registry: string, { kind, status, details }: RegistryProblem): string {
  const answer = status === null ? '' : ` (${status})`;
  switch (kind) {
    case 'rate-limited':
      return `${registry} limits the rate of requests${status === null ? '' : ` and answered ${status}`}`;
    case 'unavailable':
      return status === null ? `${registry} cannot be reached` : `${registry} answered ${status}`;
    case 'timeout':
      return `${registry} did not answer in time${answer}`;
    case 'denied':
      return `${registry} refused access${answer}`;
    case 'missing':
      return `${registry} has no such image${answer}`;
    case 'wrong-platform':
      return `the image at ${registry} does not support the platform of the build machine`;
    case 'unknown-host':
      return `the name of ${registry} cannot be resolved`;
    case 'other':
      return `${registry} cannot be used${details === undefined ? '' : ` (${details})`}`;
  }
}

function remedyOf(registry: string, { hasCredentials }: FailedPull, { kind }: RegistryProblem): string {
  switch (kind) {
    case 'rate-limited':
      return hasCredentials
        ? 'Deploy again later.'
        : `Deploy again later, or set credentials with ${SET_CREDENTIALS}, for which limits are higher.`;
    case 'unavailable':
    case 'timeout':
      return 'Deploy again once the registry works.';
    case 'denied':
      return hasCredentials
        ? `The credentials for ${registry} are wrong or do not allow it, or the image does not exist. Correct them with ${SET_CREDENTIALS}, or the name of the image.`
        : `It is private, or does not exist. Check its name, or set credentials with ${SET_CREDENTIALS}.`;
    case 'missing':
      return 'Check its name and tag.';
    case 'unknown-host':
      return 'Check the host in the name of the image. If it is right, tell the operator to check the name servers of the build machine.';
    case 'wrong-platform':
      return 'Use an image or a tag that does.';
    case 'other':
      return 'Check the name of the image. If it is right, tell the operator what the engine says about the registry.';
  }
}
