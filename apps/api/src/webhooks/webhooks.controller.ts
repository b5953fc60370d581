import { GithubConfig } from '@nexos/config';
import { DELIVERY_ID_PATTERN } from '@nexos/domain';
import { ConfiguredApp, verifyWebhookSignature } from '@nexos/github';
import { Body, Controller, Headers, HttpCode, Logger, type OnModuleInit, Param, Post } from '@nestjs/common';
import { Writes } from '../audit/writes.decorator.js';
import { Public } from '../auth/access.decorator.js';
import { Operation, type OperationOptions } from '../http/openapi/operation.decorator.js';
import { ApiError, type FieldError } from '../http/problems/api-error.js';
import { ReceiptResponse } from './receipt.response.js';
import { type GithubDelivery, GithubWebhooksService } from './github-webhooks.service.js';
import { ProjectWebhookSecretsService } from './project-webhook-secrets.service.js';

const DELIVERY_ID = new RegExp(DELIVERY_ID_PATTERN);
const EVENT = /^[A-Za-z0-9_.-]{1,64}$/;

const SIGNED_HEADERS = {
  'X-Hub-Signature-256': {
    description: 'HMAC-SHA256 of the body, keyed with the webhook secret.',
    required: true,
    example: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  'X-GitHub-Event': { description: 'Name of the event.', required: true, example: 'push' },
  'X-GitHub-Delivery': {
    description: 'Unique id of the delivery. A known delivery is not processed again, unless it has failed.',
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

const RECEIVES: Omit<OperationOptions, 'summary' | 'description'> = {
  response: ReceiptResponse,
  success: 'The delivery is stored and will be processed.',
  errors: ['invalid-signature', 'validation'],
  headers: SIGNED_HEADERS,
  alsoAccepts: {
    'application/json': {
      schema: { type: 'object', description: 'An event as GitHub sends it.' },
      example: PUSH_EXAMPLE,
    },
  },
};

type SignedHeaders = Readonly<
  Partial<Record<'x-hub-signature-256' | 'x-github-event' | 'x-github-delivery', string>>
>;

/** Receives webhook deliveries from GitHub. The signature authenticates the sender. */
@Controller('webhooks')
export class WebhooksController implements OnModuleInit {
  private readonly logger = new Logger(WebhooksController.name);

  constructor(
    private readonly webhooks: GithubWebhooksService,
    private readonly secrets: ProjectWebhookSecretsService,
    private readonly config: GithubConfig,
    private readonly app: ConfiguredApp,
  ) {}

  async onModuleInit(): Promise<void> {
    const isStored = !this.app.isFromEnvironment && (await this.app.exists());
    if (isStored || this.config.webhookSecrets.length > 0) return;
    this.logger.warn(
      'GITHUB_WEBHOOK_SECRET is not set and no GitHub App is stored: only the webhooks of single projects are accepted',
    );
  }

  @Post('github')
  @Public()
  @Writes('delivery.receive')
  @HttpCode(202)
  @Operation({
    summary: 'Receive a GitHub webhook',
    description:
      'Acts on the events `push`, `delete`, `pull_request`, `pull_request_review`, `repository`, `installation`, `installation_repositories` and `installation_target`, and on `check_run` and `check_suite` that ask for checks to run again. Acts once per delivery; accepts and ignores other events. ' +
      'Processes a delivery after responding; the lists of deliveries show the outcome. ' +
      'Bodies can have up to 25 MiB.',
    ...RECEIVES,
  })
  async receive(@Body() body: unknown, @Headers() headers: SignedHeaders): Promise<ReceiptResponse> {
    const isSigned =
      isSignedWith(this.config.webhookSecrets, body, headers) ||
      isSignedWith(await this.secretsOfApp(), body, headers);
    return this.accept(body, headers, isSigned, null);
  }

  @Post('github/:id')
  @Public()
  @Writes('delivery.receive')
  @HttpCode(202)
  @Operation({
    summary: "Receive a GitHub webhook through a project's own webhook",
    description:
      'Deliveries are signed with the secret of the project (`POST /projects/{id}/webhook-secret`), and concern only this project. ' +
      'Ignores those of another repository than `github_repo`. Otherwise as `POST /webhooks/github`.',
    ...RECEIVES,
  })
  async receiveForProject(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers() headers: SignedHeaders,
  ): Promise<ReceiptResponse> {
    const { repositoryKey, secrets } = await this.secrets.ofProject(id);
    return this.accept(body, headers, isSignedWith(secrets, body, headers), { id, repositoryKey });
  }

  /** Returns the secret of the stored App. While it cannot be read, GitHub is answered 503 and delivers again. */
  private async secretsOfApp(): Promise<string[]> {
    const secret = (await this.app.find())?.stored?.webhookSecret ?? null;
    return secret === null ? [] : [secret];
  }

  private accept(
    body: unknown,
    headers: SignedHeaders,
    isSigned: boolean,
    project: GithubDelivery['project'],
  ): Promise<ReceiptResponse> {
    if (!isSigned) {
      throw new ApiError(
        'invalid-signature',
        'X-Hub-Signature-256 is missing or does not match. Check that GitHub and Nexos use the same webhook secret.',
      );
    }
    const { 'x-github-event': event, 'x-github-delivery': delivery } = headers;
    const errors: FieldError[] = [];
    if (!EVENT.test(event ?? '')) errors.push({ field: 'X-GitHub-Event', message: 'must name an event' });
    if (!DELIVERY_ID.test(delivery ?? '')) {
      errors.push({
        field: 'X-GitHub-Delivery',
        message: 'must be the id of the delivery: 1 to 64 letters, digits and hyphens',
      });
    }
    if (event === undefined || delivery === undefined || errors.length > 0) {
      throw new ApiError('validation', 'Some headers are invalid; see errors.', errors);
    }
    const raw = rawOf(body);
    return this.webhooks.receive({ id: delivery, event, payload: parse(raw), raw, project });
  }
}

function isSignedWith(secrets: readonly string[], body: unknown, headers: SignedHeaders): boolean {
  return verifyWebhookSignature(rawOf(body), headers['x-hub-signature-256'], secrets);
}

function rawOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new ApiError('malformed-json', 'The body is not valid JSON.');
  }
}
