import { GithubConfig } from '@nexos/config';
import { DELIVERY_ID_PATTERN } from '@nexos/domain';
import { verifyWebhookSignature } from '@nexos/github';
import { Body, Controller, Headers, HttpCode, Logger, Post, type OnModuleInit } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { ApiError, type FieldError } from '../http/problems/api-error.js';
import { ReceiptResponse } from './receipt.response.js';
import { GithubWebhooksService } from './github-webhooks.service.js';

const DELIVERY_ID = new RegExp(DELIVERY_ID_PATTERN);
const EVENT = /^[A-Za-z0-9_.-]{1,64}$/;

const SIGNED_HEADERS = {
  'X-Hub-Signature-256': {
    description: 'The HMAC of the body, made with the webhook’s secret.',
    required: true,
    example: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  'X-GitHub-Event': { description: 'What happened.', required: true, example: 'push' },
  'X-GitHub-Delivery': {
    description: 'Unique to the delivery; one that is known does nothing, unless it has failed.',
    required: true,
    example: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  },
};
const PUSH_EXAMPLE = {
  ref: 'refs/heads/main',
  before: '0'.repeat(40),
  after: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  created: true,
  deleted: false,
  repository: { full_name: 'octocat/my-app' },
};

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
  @Operation({
    summary: 'Receive a webhook of GitHub',
    description:
      'Pushes and deleted branches are acted upon, once per delivery; other events are accepted and ignored. ' +
      'Each is processed after it was answered: its project and operators list the outcome. ' +
      'Bodies of up to 25 MiB.',
    response: ReceiptResponse,
    success: 'Stored; it will be processed.',
    errors: ['invalid-signature', 'validation'],
    headers: SIGNED_HEADERS,
    alsoTakes: {
      'application/json': {
        schema: { type: 'object', description: 'An event as GitHub sends it.' },
        example: PUSH_EXAMPLE,
      },
    },
  })
  receive(
    @Body() body: unknown,
    @Headers('x-hub-signature-256') signature: string | undefined,
    @Headers('x-github-event') event: string | undefined,
    @Headers('x-github-delivery') delivery: string | undefined,
  ): Promise<ReceiptResponse> {
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
    return this.webhooks.receive({ id: delivery, event, payload: parse(raw), raw });
  }
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new ApiError('malformed-json', 'The body could not be parsed as JSON.');
  }
}
