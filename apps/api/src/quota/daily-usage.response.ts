import { type DailyUsage } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';

/** What the builds of a project took on a day. */
export class DailyUsageResponse {
  @ApiProperty({ type: 'string', format: 'date', description: 'The day, in UTC.', example: '2026-04-10' })
  date!: string;

  @IdProperty('project', { description: 'The project, which may have been deleted since.' })
  project_id!: string;

  @ApiProperty({
    type: 'integer',
    description:
      'Builds that began on the day. One that begins again after its builder was lost counts once.',
    example: 14,
  })
  builds!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds that builds ran on the day, running ones included.',
    example: 1_260,
  })
  build_seconds!: number;
}

export function toDailyUsageResponse({ date, projectId, builds, seconds }: DailyUsage): DailyUsageResponse {
  return { date, project_id: projectId, builds, build_seconds: Math.round(seconds) };
}
