import { createHmac } from 'node:crypto';
import { Sealer } from '@nexos/crypto';
import { isForkBranch } from '@nexos/domain';
import { type DeploymentEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { BuildInputs } from './build-inputs.js';

/**
 * Decides which builds share what their `RUN` steps make. BuildKit ignores the values of secrets when it
 * compares steps, across all projects of an engine. A step that writes its secret, or what only the secret opens, must not be found by a
 * build that has another one, or none.
 */
@Injectable()
export class CacheScopes {
  private readonly key: Buffer | undefined;

  constructor(sealer: Sealer) {
    [this.key] = sealer.deriveKeys('build cache');
  }

  /** Returns the scope; nobody can guess it, or the secrets from it. Null for one that all builds without secrets share. */
  of(deployment: DeploymentEntity, { secrets }: Pick<BuildInputs, 'secrets'>): string | null {
    const isFork = isForkBranch(deployment.branch);
    const values = Object.entries(secrets).sort(([one], [other]) => (one < other ? -1 : 1));
    if (!isFork && values.length === 0) return null;
    const owner = isFork ? deployment.environmentId : deployment.projectId;
    return createHmac('sha256', this.key ?? '')
      .update(JSON.stringify([owner, values]))
      .digest('hex');
  }
}
