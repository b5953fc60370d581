import { isId } from '@nexos/domain';
import { Conforms } from '../../http/conforms.decorator.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';
import { PageQuery } from '../../http/page.js';
import { IsDay, isDay } from './day.decorator.js';

/** The days of which to list the usage, both included. */
export class QuotaUsageQuery extends PageQuery {
  @ApiProperty({
    type: 'string',
    format: 'date',
    required: false,
    description: 'The first day (UTC), by default the first of the period.',
    example: '2026-04-01',
  })
  @Optional()
  @IsDay()
  from?: string;

  @ApiProperty({
    type: 'string',
    format: 'date',
    required: false,
    description: 'The last day (UTC), by default today.',
    example: '2026-04-30',
  })
  @Optional()
  @IsDay()
  to?: string;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'From the `Link` header of the previous page.',
  })
  @Optional()
  @Conforms((cursor) => (placeOf(cursor) === null ? 'must be a cursor of this list' : null))
  override cursor?: string;
}

/** The last entry of a page. */
export interface UsagePlace {
  readonly date: string;
  readonly projectId: string;
}

/** Returns the cursor of the page after an entry. */
export function cursorOf({ date, projectId }: UsagePlace): string {
  return `${date}.${projectId}`;
}

/** Reads a cursor; null for anything else. */
export function placeOf(cursor: unknown): UsagePlace | null {
  if (typeof cursor !== 'string') return null;
  const [date, projectId = '', ...rest] = cursor.split('.');
  return isDay(date) && isId('project', projectId) && rest.length === 0 ? { date, projectId } : null;
}
