import { MAX_VARIABLES } from '@nexos/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError, refused } from '../http/problems/api-error.js';
import { validationPipe } from '../http/problems/validation.pipe.js';
import { PutVariableDto } from './dto/put-variable.dto.js';
import { PutVariablesDto } from './dto/put-variables.dto.js';
import { parseEnvText } from './parse-env-text.js';

/** Variables from one of the three body formats of `PUT /projects/:id/env-vars`. */
export interface SubmittedVariables {
  readonly form: 'one' | 'list' | 'text';
  readonly variables: readonly PutVariableDto[];
}

/** Detects which of the three body formats a request uses, and validates it. */
@Injectable()
export class PutVariablesPipe implements PipeTransform<unknown, Promise<SubmittedVariables>> {
  private readonly validation = validationPipe();

  async transform(body: unknown): Promise<SubmittedVariables> {
    if (Buffer.isBuffer(body)) return { form: 'text', variables: parseEnvText(textOf(body)) };
    if (typeof body === 'object' && body !== null && 'variables' in body) {
      assertNotTooMany(body.variables);
      const { variables } = await this.check(body, PutVariablesDto);
      return { form: 'list', variables };
    }
    return { form: 'one', variables: [await this.check(body, PutVariableDto)] };
  }

  private async check<Dto extends object>(body: unknown, metatype: new () => Dto): Promise<Dto> {
    return (await this.validation.transform(body, { type: 'body', metatype })) as Dto;
  }
}

/** Checks the length first: validating as many variables as fit into a body would take seconds. */
function assertNotTooMany(variables: unknown): void {
  if (!Array.isArray(variables) || variables.length <= MAX_VARIABLES) return;
  throw refused([{ field: 'variables', message: `must have at most ${MAX_VARIABLES} variables` }]);
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiError(
      'validation',
      'The .env text is not valid UTF-8. Save it as UTF-8 and send it again.',
      [{ field: 'lines', message: 'must be UTF-8' }],
    );
  }
}
