import { ApiProperty } from './api-property.js';

/** Declares a field of a response that holds a time: ISO 8601, UTC. */
export function TimeProperty(options: { description?: string; nullable?: boolean } = {}): PropertyDecorator {
  return ApiProperty({
    type: 'string',
    format: 'date-time',
    example: '2026-04-10T12:00:00.000Z',
    ...options,
  });
}
