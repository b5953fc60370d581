import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from '../problems/api-error.js';
import { validationPipe } from '../problems/validation.pipe.js';
import { PutVariableDto } from './dto/put-variable.dto.js';
import { PutVariablesDto } from './dto/put-variables.dto.js';
import { parseEnvText } from './parse-env-text.js';

/** Variables as one of the three bodies of `PUT /projects/:id/env-vars` gave them. */
export interface GivenVariables {
  readonly form: 'one' | 'list' | 'text';
  readonly variables: readonly PutVariableDto[];
}

/** Tells the three bodies apart, and checks each by its own rules. */
@Injectable()
export class PutVariablesPipe implements PipeTransform<unknown, Promise<GivenVariables>> {
  private readonly validation = validationPipe();

  async transform(body: unknown): Promise<GivenVariables> {
    if (Buffer.isBuffer(body)) return { form: 'text', variables: parseEnvText(textOf(body)) };
    if (typeof body === 'object' && body !== null && 'variables' in body) {
      const { variables } = await this.check(body, PutVariablesDto);
      return { form: 'list', variables };
    }
    return { form: 'one', variables: [await this.check(body, PutVariableDto)] };
  }

  private async check<Dto extends object>(body: unknown, metatype: new () => Dto): Promise<Dto> {
    return (await this.validation.transform(body, { type: 'body', metatype })) as Dto;
  }
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiError('validation', 'The .env text is not UTF-8.', [
      { field: 'lines', message: 'must be UTF-8' },
    ]);
  }
}
