import { randomBytes } from 'node:crypto';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { UnitOfWork } from '@nexos/database';
import { isId, newId } from '@nexos/domain';
import { recordAudit, WebhookSecretsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';

const SECRET_BYTES = 32;
/** Time to enter the new secret at the Git host, in milliseconds. */
const REPLACED_VALID_MS = 3_600_000;

/** A new secret, which is shown once. */
export interface NewWebhookSecret {
  readonly secret: string;
  /** Until when the one that it replaces is valid; null when there was none. */
  readonly previousValidUntil: Date | null;
}

/** Manages the secrets of projects that have a webhook of their own. */
@Injectable()
export class ProjectWebhookSecretsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly secrets: WebhookSecretsRepository,
    private readonly projects: ProjectsService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Returns the secrets that deliveries to a project may be signed with. For an unknown project they are none, so that
   * the response does not tell whether it exists.
   */
  async ofProject(id: string): Promise<{ repositoryKey: string; secrets: string[] }> {
    const project = isId('project', id) ? await this.secrets.findValid(id) : null;
    if (project === null) return { repositoryKey: '', secrets: [] };
    const secrets = project.secrets.map((one) =>
      this.sealer.open(one.sealedSecret, sealIdentity.webhookSecret(one.id)),
    );
    return { repositoryKey: project.repositoryKey, secrets };
  }

  /**
   * Creates the secret of a project, or replaces it.
   *
   * @throws {ApiError} not-found, also for another account's project; conflict, when it is being deleted
   */
  replace(accountId: string, projectId: string): Promise<NewWebhookSecret> {
    return this.unitOfWork.run(async (transaction) => {
      const { status } = await this.projects.get(accountId, projectId, { isLocked: true });
      if (status !== 'active') {
        throw new ApiError('conflict', 'The project is being deleted, so it can have no new secret.');
      }
      const id = newId('webhookSecret');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const sealedSecret = this.sealer.seal(secret, sealIdentity.webhookSecret(id));
      const row = { id, projectId, sealedSecret };
      const previousValidUntil = await this.secrets.replace(row, REPLACED_VALID_MS);
      const after = { id, previous_valid_until: previousValidUntil };
      await recordAudit(transaction, {
        action: 'webhook_secret.replace',
        subject: projectId,
        projectId,
        after,
      });
      return { secret, previousValidUntil };
    });
  }
}
