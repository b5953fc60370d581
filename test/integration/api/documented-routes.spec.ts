import { Body, Controller, Get, Module, Param, Post, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  Matches,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Public } from '../../../apps/api/src/auth/access.decorator.js';
import { Optional } from '../../../apps/api/src/http/optional.decorator.js';
import { openApiDocument } from '../../../apps/api/src/http/openapi/openapi-document.js';
import { Operation, Undocumented } from '../../../apps/api/src/http/openapi/operation.decorator.js';

async function documentOf(...controllers: (new () => object)[]) {
  @Module({ controllers })
  class App {}
  const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false, abortOnError: false });
  return openApiDocument(app);
}

@Controller('told')
@Public()
class ToldController {
  @Get()
  @Operation({ summary: 'Told' })
  told(): string {
    return '';
  }

  @Get('hidden')
  @Undocumented()
  hidden(): string {
    return '';
  }

  @Post(['one', 'other'])
  @Operation({ summary: 'Two ways' })
  twice(): string {
    return '';
  }
}

@Controller('silent')
@Public()
class SilentController {
  @Get()
  forgotten(): string {
    return '';
  }
}

@Controller('stars')
@Public()
class StarsController {
  @Get(':id')
  @Operation({ summary: 'A star' })
  star(@Param('id') id: string): string {
    return id;
  }
}

class BareDto {
  @Matches(/^x$/)
  text!: string;
}
class FullDto {
  @ApiProperty({ example: 'x', description: 'One letter.' })
  @Matches(/^x$/)
  text!: string;

  @IsInt()
  count = 3;
}
const IsOdd = () =>
  ValidateBy({ name: 'isOdd', validator: { validate: (value) => Number(value) % 2 === 1 } });

class OddDto {
  @IsOdd()
  number!: number;
}
class ListDto {
  @ApiProperty({ type: [FullDto] })
  @ValidateNested({ each: true })
  @IsArray()
  full!: FullDto[];

  @Optional()
  @IsIn(['a', 'b'], { each: true })
  @ArrayNotEmpty()
  @IsArray()
  letters: string[] = ['a'];

  @ApiProperty({ type: 'integer', multipleOf: 3, example: 9 })
  @IsOdd()
  @IsNumber()
  odd!: number;
}
@Controller('odd')
@Public()
class OddController {
  @Post()
  @Operation({ summary: 'Odd' })
  make(@Body() body: OddDto): number {
    return body.number;
  }
}
@Controller('list')
@Public()
class ListController {
  @Put()
  @Operation({
    summary: 'One, several or text',
    bodies: [FullDto, ListDto],
    response: FullDto,
    isArray: 'either',
    alsoAccepts: { 'text/plain': { schema: { type: 'string' }, example: 'A=1' } },
  })
  put(@Body() body: unknown): unknown {
    return body;
  }
}

@Controller('bare')
@Public()
class BareController {
  @Post()
  @Operation({ summary: 'Bare' })
  make(@Body() body: BareDto): string {
    return body.text;
  }
}
@Controller('full')
@Public()
class FullController {
  @Post()
  @Operation({ summary: 'Full' })
  make(@Body() body: FullDto): string {
    return body.text;
  }
}

describe('a documented route', () => {
  it('needs an @Operation: without one the API does not boot, and the route is named', async () => {
    await expect(documentOf(ToldController, SilentController)).rejects.toThrow('SilentController.forgotten');
  });

  it('appears in the document once for each of its paths, unless it is marked as undocumented', async () => {
    const { paths } = await documentOf(ToldController);
    expect(Object.keys(paths)).toEqual(['/told', '/told/one', '/told/other']);
    expect(paths['/told/one']?.post?.operationId).toBe('told.twice');
    expect(paths['/told/other']?.post?.operationId).toBe('told.twice.other');
  });

  it('is rejected when its id parameter has no known kind', async () => {
    await expect(documentOf(StarsController)).rejects.toThrow('what {id} identifies');
  });
});

describe('a documented body', () => {
  it('is described by its validation rules and @ApiProperty', async () => {
    const { components } = await documentOf(FullController);
    expect(components?.schemas?.FullDto).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string', pattern: '^x$', example: 'x', description: 'One letter.' },
        count: { type: 'integer', default: 3 },
      },
      required: ['text', 'count'],
      additionalProperties: false,
    });
  });

  it('can have alternatives and lists', async () => {
    const { components, paths } = await documentOf(ListController);
    const [full, list] = ['FullDto', 'ListDto'].map((name) => ({ $ref: `#/components/schemas/${name}` }));
    expect(paths['/list']?.put?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': { schema: { anyOf: [full, list] }, example: { text: 'x', count: 3 } },
        'text/plain': { schema: { type: 'string' }, example: 'A=1' },
      },
    });
    expect(paths['/list']?.put?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { anyOf: [full, { type: 'array', items: full }] } } },
    });
    expect(components?.schemas?.ListDto).toEqual({
      type: 'object',
      properties: {
        full: { type: 'array', items: full },
        letters: { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1, default: ['a'] },
        odd: { type: 'integer', multipleOf: 3, example: 9 },
      },
      required: ['full', 'odd'],
      additionalProperties: false,
    });
  });

  it('needs an @ApiProperty for a custom validation rule', async () => {
    await expect(documentOf(OddController)).rejects.toThrow(
      'OddDto.number: the rule isOdd has no schema: describe it in an @ApiProperty',
    );
  });

  it('needs examples: without one the API does not boot, and the field is named', async () => {
    await expect(documentOf(BareController)).rejects.toThrow('BareDto.text has no example');
  });
});
