import { demandOf, type DeploymentSettings, isMoreThan, type StoredSources } from '@nexos/settings';
import { type DeploymentEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { DeploymentsRepository } from '../deployments/deployments.repository.js';
import { lockAccountOf } from './account-lock.js';
import { excessOfDeployment, throwIf } from './admission.js';

type Build = Pick<DeploymentEntity, 'id' | 'attempt' | 'environmentId' | 'settings'>;

/** Records the settings of a deployment once its commit has been read, and reserves what they need beyond the project's. */
@Injectable()
export class SettingsAdmission {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * @param build as it was claimed, with the settings that were admitted
   * @returns false when the build was lost
   * @throws {QuotaExceededError}
   */
  record(build: Build, settings: DeploymentSettings, sources: StoredSources | null): Promise<boolean> {
    if (!isMoreThan(demandOf(settings), demandOf(build.settings))) {
      return this.deployments.setSettings(build, settings, sources);
    }
    return this.unitOfWork.run(async ({ manager }) => {
      const account = await lockAccountOf(manager, build.environmentId);
      if (!(await this.deployments.setSettings(build, settings, sources))) return false;
      throwIf(await excessOfDeployment(manager, account, { deploymentId: build.id, isFirst: false }));
      return true;
    });
  }
}
