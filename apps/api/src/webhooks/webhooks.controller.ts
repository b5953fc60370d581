import { GithubConfig } from '@nexos/config';
import { verifyWebhookSignature } from '@nexos/github';
import { Body, Controller, Headers, HttpCode, Logger, Post, type OnModuleInit } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { ApiError, type FieldError } from '../problems/api-error.js';
import { GithubWebhooksService, type DeliveryResult } from './github-webhooks.service.js';

const DELIVERY_ID = /^[A-Za-z0-9-]{1,64}$/;
const EVENT = /^[A-Za-z0-9_.-]{1,64}$/;

/** Where GitHub delivers what happened to a repository. The signature is what admits a caller. */
@Controller('webhooks')
export class WebhooksController implements OnModuleInit {
  private readonly logger = new Logger(WebhooksController.name);

  constructor(
    private readonly webhooks: GithubWebhooksService,
    private readonly config: GithubConfig,
  ) {}

  onModuleInit(): void {
    if (this.config.webhookSecrets.length > 0) return;
    this.logger.warn('GITHUB_WEBHOOK_SECRET is not set: every delivery is refused');
  }

  @Post('github')
  @Public()
  @HttpCode(202)
  receive(
    @Body() body: unknown,
    @Headers('x-hub-signature-256') signature: string | undefined,
    @Headers('x-github-event') event: string | undefined,
    @Headers('x-github-delivery') delivery: string | undefined,
  ): Promise<DeliveryResult> {
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (!verifyWebhookSignature(raw, signature, this.config.webhookSecrets)) {
      throw new ApiError(
        'invalid-signature',
        'X-Hub-Signature-256 is missing or was not made with our secret.',
      );
    }
    const errors: FieldError[] = [];
    if (!EVENT.test(event ?? '')) errors.push({ field: 'X-GitHub-Event', message: 'must name an event' });
    if (!DELIVERY_ID.test(delivery ?? '')) {
      errors.push({ field: 'X-GitHub-Delivery', message: 'must be the id of the delivery' });
    }
    if (event === undefined || delivery === undefined || errors.length > 0) {
      throw new ApiError('validation', 'Some headers were refused; see errors.', errors);
    }
    return this.webhooks.receive({ id: delivery, event, payload: parse(raw) });
  }
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new ApiError('malformed-json', 'The body could not be parsed as JSON.');
  }
}
