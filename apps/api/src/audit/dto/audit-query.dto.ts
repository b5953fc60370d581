import { AUDIT_ACTIONS, type AuditAction, idPattern } from '@nexos/domain';
import { IsIn, IsIP, Matches } from 'class-validator';
import { EventsPage } from '../../events/dto/events-page.dto.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { idSchema } from '../../http/openapi/path-ids.js';
import { Optional } from '../../http/optional.decorator.js';
import { TimeInQuery } from '../../http/time-in-query.decorator.js';

/** Characters that ids and the names of actors have. */
const NAME = /^[A-Za-z0-9_:[\]-]{1,100}$/;

/** Selects lines of the audit log. */
export class AuditQuery extends EventsPage {
  @ApiProperty({ description: 'Only lines with this action.', example: 'project.update' })
  @Optional()
  @IsIn(AUDIT_ACTIONS, { message: 'must be an action of the audit log' })
  action?: AuditAction;

  @ApiProperty({
    type: 'string',
    description: 'Only changes by this API key, session or other actor.',
    example: idSchema('apiKey').example,
  })
  @Optional()
  @Matches(NAME, { message: 'must be the id of an API key or a session, or another actor' })
  actor?: string;

  @ApiProperty({
    type: 'string',
    description: 'Only changes of what has this id.',
    example: idSchema('environment').example,
  })
  @Optional()
  @Matches(NAME, { message: 'must be an id' })
  subject?: string;

  @ApiProperty({
    type: 'string',
    description: 'Only changes of this project and what belongs to it.',
    example: idSchema('project').example,
  })
  @Optional()
  @Matches(new RegExp(idPattern('project')), { message: 'must be the id of a project' })
  project_id?: string;

  @ApiProperty({
    type: 'string',
    description: 'Only the log of this account; for operators, who otherwise see all.',
    example: idSchema('account').example,
  })
  @Optional()
  @Matches(new RegExp(idPattern('account')), { message: 'must be the id of an account' })
  account_id?: string;

  @ApiProperty({ type: 'string', description: 'Only requests from this address.', example: '192.0.2.7' })
  @Optional()
  @IsIP(undefined, { message: 'must be an IP address' })
  address?: string;

  @TimeInQuery('Only lines from this time on.', '2026-04-10T12:00:00Z')
  since?: string;

  @TimeInQuery('Only lines before this time.', '2026-04-11T12:00:00Z')
  until?: string;
}
