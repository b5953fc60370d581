import { repositoryConfigSchema } from '@nexos/settings';
import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';

const SCHEMA_TYPE = 'application/schema+json';

/** For whoever writes a `nexos.yaml`, and for their editors. */
@Controller()
@Public()
export class RepositoryConfigController {
  private readonly text = JSON.stringify(repositoryConfigSchema(), null, 2);

  @Get('nexos.schema.json')
  @Header('content-type', `${SCHEMA_TYPE}; charset=utf-8`)
  @Header('cache-control', 'public, max-age=3600')
  @Operation({
    summary: 'The JSON Schema of nexos.yaml',
    description:
      'What a repository may say of itself, in the file `nexos.yaml` at its root. Editors complete by it.',
    success: 'The schema, of the draft 2020-12.',
    alsoAnswers: {
      [SCHEMA_TYPE]: {
        schema: { type: 'object' },
        example: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: 'nexos.yaml',
          type: 'object',
        },
      },
    },
  })
  schema(): string {
    return this.text;
  }
}
