import { UnitOfWork, WebhookSecretEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A project with a webhook of its own. */
export interface ProjectWithWebhook {
  /** `owner/name` in lower case. */
  readonly repositoryKey: string;
  readonly secrets: readonly Pick<WebhookSecretEntity, 'id' | 'sealedSecret'>[];
}

/** The secrets of projects that have a webhook of their own. */
@Injectable()
export class WebhookSecretsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns an active project with the secrets that its deliveries may be signed with; null when it has none. */
  async findValid(projectId: string): Promise<ProjectWithWebhook | null> {
    const [row] = await this.unitOfWork.manager.query<ProjectWithWebhook[]>(
      `SELECT project.repository_key AS "repositoryKey",
         jsonb_agg(jsonb_build_object('id', secret.id, 'sealedSecret', secret.sealed_secret) ORDER BY secret.id DESC) AS secrets
       FROM projects project JOIN webhook_secrets secret ON secret.project_id = project.id
       WHERE project.id = $1 AND project.status = 'active' AND (secret.valid_until IS NULL OR secret.valid_until > now())
       GROUP BY project.id`,
      [projectId],
    );
    return row ?? null;
  }

  /**
   * Replaces the current secret of a project. Call it in a transaction, with the project locked. Only the one that it
   * replaces stays valid for a while.
   *
   * @returns until when the replaced one is valid; null when there was none
   */
  async replace(
    secret: Pick<WebhookSecretEntity, 'id' | 'projectId' | 'sealedSecret'>,
    replacedValidMs: number,
  ): Promise<Date | null> {
    const { manager } = this.unitOfWork;
    await manager.query('DELETE FROM webhook_secrets WHERE project_id = $1 AND valid_until IS NOT NULL', [
      secret.projectId,
    ]);
    const [replaced] = await manager.query<[{ validUntil: Date }[], number]>(
      `UPDATE webhook_secrets SET valid_until = now() + make_interval(secs => $2 / 1000.0)
       WHERE project_id = $1 RETURNING valid_until AS "validUntil"`,
      [secret.projectId, replacedValidMs],
    );
    await manager.insert(WebhookSecretEntity, secret);
    return replaced[0]?.validUntil ?? null;
  }
}
