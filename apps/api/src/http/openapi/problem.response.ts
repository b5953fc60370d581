import { LIMIT_NAMES } from '@nexos/domain';
import { ApiProperty } from './api-property.js';

/** One invalid field. */
export class FieldErrorResponse {
  @ApiProperty({
    description:
      'A field of the body, the query or the headers, or a path parameter. Nested fields are separated by dots.',
    example: 'github_repo',
  })
  field!: string;

  @ApiProperty({
    description: 'Completes a sentence that begins with the name of the field.',
    example: 'must be owner/name, as in the URL of the repository',
  })
  message!: string;
}

const SUBJECT_TYPES = ['project', 'environment'] as const;

/** A resource that an error is about. */
export class ProblemSubjectResponse {
  @ApiProperty({ enum: SUBJECT_TYPES })
  type!: (typeof SUBJECT_TYPES)[number];

  @ApiProperty({ example: 'proj_01kb2c7x9q4m8r5t6v3w0y1z2a' })
  id!: string;

  @ApiProperty({ example: 'my-app' })
  name!: string;
}

/** Every error, as RFC 9457 problem details. */
export class ProblemResponse {
  @ApiProperty({
    description: 'The kind of the error: a stable code that clients can branch on.',
    example: 'urn:nexos:problem:not-found',
  })
  type!: string;

  @ApiProperty({ example: 'Not found' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status!: number;

  @ApiProperty({
    description: 'What happened, and what to do about it.',
    example: 'There is no project with this id.',
  })
  detail!: string;

  @ApiProperty({
    description: 'Identifies the request in the logs; also in the X-Request-Id header.',
    example: '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e',
  })
  request_id!: string;

  @ApiProperty({ type: [FieldErrorResponse], required: false, description: 'The invalid fields.' })
  errors?: FieldErrorResponse[];

  @ApiProperty({
    type: [ProblemSubjectResponse],
    required: false,
    description: 'The resources that the error is about; long lists are cut off.',
  })
  subjects?: ProblemSubjectResponse[];

  @ApiProperty({
    enum: LIMIT_NAMES,
    required: false,
    description: 'The limit that the request does not fit into. With `limit`, `usage` and `request`.',
    example: 'max_projects',
  })
  resource?: string;

  @ApiProperty({ type: 'number', required: false, description: 'What the account may use.', example: 25 })
  limit?: number;

  @ApiProperty({
    type: 'number',
    required: false,
    description: 'What it uses without the request.',
    example: 25,
  })
  usage?: number;

  @ApiProperty({ type: 'number', required: false, description: 'What the request adds.', example: 1 })
  request?: number;
}
