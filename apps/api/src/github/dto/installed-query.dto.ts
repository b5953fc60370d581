import { IsIn, Matches } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';

const ACTIONS = ['install', 'update', 'request'] as const;
export type SetupAction = (typeof ACTIONS)[number];

/** What GitHub sends a browser back with after an installation. Nothing of it is proof of anything. */
export class InstalledQuery {
  @ApiProperty({ description: 'Ignored: anybody can make up an id.', example: '5823411' })
  @Optional()
  @Matches(/^\d{1,18}$/, { message: 'must be a number' })
  installation_id?: string;

  @ApiProperty({ description: '`request` while an owner of the organization has to approve.' })
  @Optional()
  @IsIn(ACTIONS, { message: `must be one of ${ACTIONS.join(', ')}` })
  setup_action: SetupAction = 'install';

  @ApiProperty({ description: 'From `GET /github/install`.', example: 'cGV2b2x2ZXI' })
  @Optional()
  @Matches(/^[\w-]{1,100}$/, { message: 'must have 1 to 100 letters, digits, _ and -' })
  state?: string;

  @ApiProperty({ description: 'Ignored.', example: 'a1b2c3' })
  @Optional()
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must have 1 to 200 visible ASCII characters' })
  code?: string;
}
