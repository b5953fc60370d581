import { Controller, Param, Post } from '@nestjs/common';
import { Writes } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { WebhookUrls } from '../projects/webhook-urls.js';
import { ProjectWebhookSecretsService } from './project-webhook-secrets.service.js';
import { WebhookSecretResponse } from './webhook-secret.response.js';

/** Creates and replaces the secret of a project's own webhook. */
@Controller('projects/:id/webhook-secret')
@Authenticated('write')
export class ProjectWebhookSecretController {
  constructor(
    private readonly secrets: ProjectWebhookSecretsService,
    private readonly urls: WebhookUrls,
  ) {}

  @Post()
  @Writes('webhook_secret.replace')
  @Operation({
    summary: "Create or replace the secret of a project's own webhook",
    description:
      'Enter the URL and the secret as a webhook of the repository at GitHub. A secret that is replaced stays valid for an hour, so that no push is lost. ' +
      'Replace it twice to end it at once.',
    response: WebhookSecretResponse,
    errors: ['conflict'],
  })
  async replace(@AccountId() accountId: string, @Param('id') id: string): Promise<WebhookSecretResponse> {
    const { secret, previousValidUntil } = await this.secrets.replace(accountId, id);
    return {
      webhook_url: this.urls.ofProject(id),
      secret,
      previous_valid_until: previousValidUntil?.toISOString() ?? null,
    };
  }
}
