import { type Scope, SCOPES } from '@nexos/domain';
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
    type: 'string',
    format: 'date-time',
    required: false,
    description: 'If left out, the key never expires.',
    example: '2027-04-10T12:00:00Z',
  })
  @Optional()
  @IsExpiry()
  expires_at?: string;
}
