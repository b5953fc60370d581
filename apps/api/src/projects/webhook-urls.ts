import { GithubConfig, SignInConfig } from '@nexos/config';
import { ConfiguredApp } from '@nexos/github';
import { Injectable } from '@nestjs/common';

/** The addresses that GitHub sends deliveries to. */
@Injectable()
export class WebhookUrls {
  constructor(
    private readonly config: SignInConfig,
    private readonly github: GithubConfig,
    private readonly app: ConfiguredApp,
  ) {}

  /** Returns the address of a project's own webhook. */
  ofProject(id: string): string {
    return `${new URL(this.config.publicApiUrl).origin}/api/webhooks/github/${id}`;
  }

  /** Returns how deliveries of a repository reach the project; null if the GitHub App has a webhook, which serves all. */
  instructionsFor(id: string, repository: string): string | null {
    if (this.app.hasWebhook) return null;
    const settings = `${new URL(this.github.url).origin}/${repository}/settings/hooks/new`;
    return (
      `Get a secret with POST /api/projects/${id}/webhook-secret. Then add a webhook at ${settings} with webhook_url, ` +
      'the content type application/json, the secret, and the events "Pushes", "Branch or tag deletion" and "Pull requests".'
    );
  }
}
