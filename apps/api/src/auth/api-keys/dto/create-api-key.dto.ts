import { SCOPES, type Scope } from '@nexos/domain';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { IsName } from '../../../http/name.decorator.js';
import { Optional } from '../../../http/optional.decorator.js';
import { IsExpiry } from '../is-expiry.decorator.js';

/** The body of `POST /auth/api-keys`. */
export class CreateApiKeyDto {
  @ApiProperty({ example: 'ci' })
  @IsName()
  name!: string;

  @Optional()
  @IsIn(SCOPES, { each: true, message: `must be among ${SCOPES.join(', ')}` })
  @ArrayUnique({ message: 'must name each scope once' })
  @ArrayNotEmpty({ message: 'must name a scope' })
  @IsArray({ message: `must be a list of ${SCOPES.join(', ')}` })
  scopes: Scope[] = [...SCOPES];

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    required: false,
    description: 'Never, where it is left out.',
    example: '2027-04-10T12:00:00Z',
  })
  @Optional()
  @IsExpiry()
  expires_at?: string;
}
