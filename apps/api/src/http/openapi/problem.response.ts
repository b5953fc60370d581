import { ApiProperty } from '@nestjs/swagger';

/** One field that was refused. */
export class FieldErrorResponse {
  @ApiProperty({
    description:
      'The field of the body, the query or the headers, or the parameter of the path; of a nested one the whole path.',
    example: 'github_repo',
  })
  field!: string;

  @ApiProperty({
    description: 'Completes the sentence that begins with the field’s name.',
    example: 'must be owner/name, as in the address of the repository',
  })
  message!: string;
}

/** Every error, as RFC 9457 problem details. */
export class ProblemResponse {
  @ApiProperty({
    description: 'The stable kind of the error; a client may branch on it.',
    example: 'urn:nexos:problem:not-found',
  })
  type!: string;

  @ApiProperty({ example: 'There is no such thing' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status!: number;

  @ApiProperty({ description: 'What happened this time.', example: 'There is no project with this id.' })
  detail!: string;

  @ApiProperty({
    description: 'Under which the request is found in the logs; also in the header X-Request-Id.',
    example: '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e',
  })
  request_id!: string;

  @ApiProperty({ type: [FieldErrorResponse], required: false, description: 'The fields that were refused.' })
  errors?: FieldErrorResponse[];
}
