import { ApiProperty } from '../http/openapi/api-property.js';
import type { SetupAction } from './dto/installed-query.dto.js';

const RESULTS = ['installed', 'updated', 'requested'] as const;

/** What a browser that comes back from an installation gets without a dashboard. */
export class InstalledResponse {
  @ApiProperty({ enum: RESULTS })
  result!: (typeof RESULTS)[number];

  @ApiProperty({
    example:
      'The GitHub App is installed. GET /api/github/repositories lists the repositories that you can connect.',
  })
  detail!: string;
}

export function toInstalledResponse(action: SetupAction): InstalledResponse {
  if (action === 'request') {
    return {
      result: 'requested',
      detail: 'An owner of the organization has to approve the installation on GitHub. Then sign in again.',
    };
  }
  const result = action === 'update' ? 'updated' : 'installed';
  return {
    result,
    detail: `The GitHub App is ${result}. GET /api/github/repositories lists the repositories that you can connect.`,
  };
}
