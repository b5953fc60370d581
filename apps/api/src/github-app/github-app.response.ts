import { ApiProperty } from '../http/openapi/api-property.js';

const SOURCES = ['environment', 'stored'] as const;

/** A permission that the GitHub App lacks. */
export class MissingPermissionResponse {
  @ApiProperty({ example: 'checks' })
  name!: string;

  @ApiProperty({ example: 'write' })
  needed!: string;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  granted!: string | null;
}

/** The GitHub App of this installation. */
export class GithubAppResponse {
  @ApiProperty({ description: 'Whether Nexos uses an App.', example: true })
  configured!: boolean;

  @ApiProperty({
    enum: SOURCES,
    nullable: true,
    description:
      '`environment`: from GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY. `stored`: created with `POST /github/app-manifest`.',
    example: 'stored',
  })
  source!: (typeof SOURCES)[number] | null;

  @ApiProperty({ type: 'integer', nullable: true, description: "GitHub's id of the App.", example: 4242 })
  app_id!: number | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'nexos-of-acme' })
  slug!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Nexos of Acme' })
  name!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The page of the App on GitHub.',
    example: 'https://github.com/apps/nexos-of-acme',
  })
  html_url!: string | null;

  @ApiProperty({
    type: [MissingPermissionResponse],
    nullable: true,
    description:
      'Permissions that the App itself lacks: grant them in its settings on GitHub. The owner of each installation then accepts them, which this list does not show. Null if GitHub does not tell; see `problem`.',
    example: [],
  })
  missing_permissions!: MissingPermissionResponse[] | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Events to subscribe to in the settings of the App on GitHub. Null if GitHub does not tell.',
    example: [],
  })
  missing_events!: string[] | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why the App cannot be used, or why GitHub tells nothing about it.',
    example: null,
  })
  problem!: string | null;
}
