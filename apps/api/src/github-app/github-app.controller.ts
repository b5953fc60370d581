import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { GithubAppResponse } from './github-app.response.js';
import { GithubAppService } from './github-app.service.js';

@Controller('github/app')
@Authenticated('read')
@WritesNothing()
export class GithubAppController {
  constructor(private readonly app: GithubAppService) {}

  @Get()
  @Operation({
    summary: 'Get the GitHub App',
    description:
      'For operators. Says where the App comes from, and asks GitHub which permissions and events it lacks.',
    response: GithubAppResponse,
    errors: ['forbidden'],
  })
  get(@AccountId() accountId: string): Promise<GithubAppResponse> {
    return this.app.describe(accountId);
  }

  @Delete()
  @Authenticated('admin')
  @Writes('github_app.delete')
  @HttpCode(204)
  @Operation({
    summary: 'Forget the stored GitHub App',
    description:
      'For operators. Deletes the credentials of the App that was created with `POST /github/app-manifest`. All processes stop using it within half a minute. The App stays on GitHub: delete it there too.',
    success: 'The App is forgotten.',
    errors: ['forbidden', 'not-found'],
  })
  forget(@AccountId() accountId: string): Promise<void> {
    return this.app.forget(accountId);
  }
}
