import { idPattern, isId, type Scope, SCOPES } from '@nexos/domain';
import { ApiProperty } from '../../../http/openapi/api-property.js';
import { Conforms } from '../../../http/conforms.decorator.js';
import { IsName } from '../../../http/name.decorator.js';
import { Optional } from '../../../http/optional.decorator.js';
import { IsExpiry } from '../is-expiry.decorator.js';

function scopesProblem(scopes: unknown): string | null {
  const isList = Array.isArray(scopes) && scopes.length > 0 && scopes.length <= SCOPES.length;
  if (!isList || !scopes.every((scope) => (SCOPES as readonly unknown[]).includes(scope))) {
    return `must be a list of one or more of ${SCOPES.join(', ')}`;
  }
  return new Set(scopes).size === scopes.length ? null : 'must list each scope only once';
}

const MAX_PROJECTS = 100;

function projectsProblem(ids: unknown): string | null {
  const isList = Array.isArray(ids) && ids.length > 0 && ids.length <= MAX_PROJECTS;
  if (!isList || !ids.every((id) => typeof id === 'string' && isId('project', id))) {
    return `must be a list of 1 to ${MAX_PROJECTS} ids of projects`;
  }
  return new Set(ids).size === ids.length ? null : 'must list each project only once';
}

/** The body of `POST /auth/api-keys`. */
export class CreateApiKeyDto {
  @ApiProperty({ example: 'ci' })
  @IsName()
  name!: string;

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    required: false,
    minItems: 1,
    maxItems: SCOPES.length,
    uniqueItems: true,
  })
  @Optional()
  @Conforms(scopesProblem)
  scopes: Scope[] = [...SCOPES];

  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: idPattern('project') },
    required: false,
    minItems: 1,
    maxItems: MAX_PROJECTS,
    uniqueItems: true,
    description:
      'Limits the key to these projects: everything else does not exist for it, and requests about the whole account are refused. If left out, the key reaches all of the account.',
  })
  @Optional()
  @Conforms(projectsProblem)
  project_ids?: string[];

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    required: false,
    description:
      'Not later than the key that creates it. If left out, it expires with that key, or never if that one does not expire.',
    example: '2027-04-10T12:00:00Z',
  })
  @Optional()
  @IsExpiry()
  expires_at?: string;
}
