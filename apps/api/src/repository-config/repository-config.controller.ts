import { ServicesConfig } from '@nexos/config';
import { repositoryConfigSchema } from '@nexos/settings';
import { Controller, Get, Header } from '@nestjs/common';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Public } from '../auth/access.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';

const SCHEMA_TYPE = 'application/schema+json';

/** Serves the JSON Schema of `nexos.yaml` for editors. */
@Controller()
@Public()
@WritesNothing()
export class RepositoryConfigController {
  private readonly text: string;

  constructor(services: ServicesConfig) {
    this.text = JSON.stringify(repositoryConfigSchema(services.offer()), null, 2);
  }

  @Get('nexos.schema.json')
  @Header('content-type', `${SCHEMA_TYPE}; charset=utf-8`)
  @Header('cache-control', 'public, max-age=3600')
  @Operation({
    summary: 'Get the JSON Schema of nexos.yaml',
    description:
      'Describes the file `nexos.yaml`, with the versions of services that this installation offers. Editors use it for completion and validation.',
    success: 'The schema, in draft 2020-12.',
    alsoReturns: {
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
