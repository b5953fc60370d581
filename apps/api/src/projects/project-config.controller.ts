import { renderConfig } from '@nexos/settings';
import { Body, Controller, Get, Header, Param, Put, UnsupportedMediaTypeException } from '@nestjs/common';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { refused } from '../http/problems/api-error.js';
import { parseConfigText } from './parse-config-text.js';
import { ProjectsService } from './projects.service.js';

const YAML = 'application/yaml';
const FILE = {
  schema: { type: 'string' },
  example: 'name: my-app\napp:\n  port: 8080\nservices:\n  postgres: true\n',
};

/** The settings of a project in the form of a `nexos.yaml`. */
@Controller('projects/:id/config')
@Authenticated('read')
@WritesNothing()
export class ProjectConfigController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @Header('content-type', YAML)
  @Operation({
    summary: "Get the project's settings as a nexos.yaml",
    description: 'Contains the name, and the settings that are set. What it leaves out has its default.',
    success: 'The file.',
    alsoReturns: { [YAML]: FILE },
  })
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<string> {
    const { name, settings } = await this.projects.get(accountId, id);
    return renderConfig(name, settings);
  }

  @Put()
  @Authenticated('write')
  @Writes('project.update')
  @Header('content-type', YAML)
  @Operation({
    summary: "Replace the project's settings with a nexos.yaml",
    description:
      'Settings that the file can have and leaves out return to their defaults; others, such as `auto_deploy`, keep their values. `name` renames the project; the slug never changes. Applies from the next deployment on. A `nexos.yaml` in the repository still overrides these settings.',
    success: 'The file that results.',
    alsoAccepts: { [YAML]: FILE },
    alsoReturns: { [YAML]: FILE },
    errors: ['conflict'],
  })
  async put(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<string> {
    const offer = await this.projects.offerTo(caller.accountId, id);
    if (body === undefined) throw refused([{ field: 'body', message: 'must be the text of a nexos.yaml' }]);
    if (!Buffer.isBuffer(body)) throw new UnsupportedMediaTypeException();
    const config = parseConfigText(body, offer);
    const { name, settings } = await this.projects.configure(caller, id, config);
    return renderConfig(name, settings);
  }
}
