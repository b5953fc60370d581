import { GithubConfig } from '@nexos/config';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated, Public } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { pagePolicy } from '../http/html-page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { refused } from '../http/problems/api-error.js';
import { manifestPage, storedPage } from './app-manifest-pages.js';
import { AppManifestResponse } from './app-manifest.response.js';
import { AppManifestsService } from './app-manifests.service.js';
import { AppManifestPageQuery, STATE } from './dto/app-manifest-page-query.dto.js';
import { CreateAppManifestDto } from './dto/create-app-manifest.dto.js';
import { ManifestCallbackService } from './manifest-callback.service.js';

const HTML = { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>…' } };
const CODE = /^[\w-]{1,200}$/;

/** Creates the GitHub App through GitHub's manifest flow. */
@Controller('github/app-manifest')
@WritesNothing()
export class GithubAppManifestController {
  constructor(
    private readonly manifests: AppManifestsService,
    private readonly callbacks: ManifestCallbackService,
    private readonly github: GithubConfig,
  ) {}

  @Post()
  @Authenticated('admin')
  @Writes('github_app.request')
  @Operation({
    summary: 'Start the creation of the GitHub App',
    description:
      'For operators. Open the `url` of the answer in a browser: its button leads to GitHub, which creates an App with the permissions and events that Nexos needs. Nexos then stores the credentials of the App, encrypted, and uses it without a restart. Answers 409 if there is an App.',
    response: AppManifestResponse,
    errors: ['forbidden', 'conflict'],
  })
  create(@AccountId() accountId: string, @Body() body: CreateAppManifestDto): Promise<AppManifestResponse> {
    return this.manifests.create(accountId, body);
  }

  @Get()
  @Public()
  @Operation({
    summary: 'Show the page that creates the GitHub App',
    description:
      'The URL that `POST /github/app-manifest` returns is its credential; 400 if it is unknown or has expired. A browser gets errors as a page too.',
    isOpenedByBrowsers: true,
    alsoReturns: HTML,
    errors: ['conflict'],
  })
  async page(@Query() { state = '' }: AppManifestPageQuery, @Res() reply: FastifyReply): Promise<void> {
    const { action, manifest } = await this.manifests.form(state);
    const policy = pagePolicy(new URL(this.github.url).origin);
    // With no-referrer, browsers would send the form with `Origin: null`.
    void reply.header('referrer-policy', 'strict-origin');
    await sendPage(reply, manifestPage(action, manifest, this.manifests.warnings), policy);
  }

  @Get('callback')
  @Public()
  @Writes('github_app.create')
  @Operation({
    summary: 'Store the GitHub App that was created',
    description:
      'GitHub sends the browser here, with `code` and `state`, and Nexos exchanges the code for the credentials of the App. Repeating it with the same code is safe. 400 for a `state` that is unknown or has expired, 409 for a code that GitHub does not know. A browser gets errors as a page too.',
    isOpenedByBrowsers: true,
    alsoReturns: HTML,
    errors: ['conflict'],
  })
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = request.query as Record<string, unknown>;
    const state = textOf(query, 'state', STATE);
    const code = textOf(query, 'code', CODE);
    const app = await this.callbacks.finish(state, code);
    await sendPage(reply, storedPage(app, this.manifests.warnings), pagePolicy());
  }
}

async function sendPage(reply: FastifyReply, html: string, policy: string): Promise<void> {
  await reply
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html);
}

/** Returns a field of an untrusted query, to which GitHub may add others. */
function textOf(query: Record<string, unknown>, field: string, pattern: RegExp): string {
  const value = query[field];
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw refused([{ field, message: 'must be as GitHub sent it' }]);
}
