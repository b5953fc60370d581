import { type DeploymentEntity } from '@nexos/database';
import {
  deploymentSettings,
  type EffectiveSetting,
  effectiveSettings,
  SETTING_SOURCES,
} from '@nexos/settings';
import { ApiProperty } from '../http/openapi/api-property.js';
import { EnvironmentResponse } from './environment.response.js';

const ALL = effectiveSettings(
  { ...deploymentSettings({ memory_mb: 1024 }), port: 8080, env: { LOG_LEVEL: 'debug' } },
  { memory_mb: 'project', port: 'nexos.yaml', env: 'nexos.yaml' },
);
const SHOWN = ['port', 'memory_mb', 'stop_grace_seconds', 'services.postgres', 'env'];
const EXAMPLE = Object.fromEntries(Object.entries(ALL).filter(([name]) => SHOWN.includes(name)));

/** An environment in detail. */
export class EnvironmentDetailsResponse extends EnvironmentResponse {
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: {
      type: 'object',
      required: ['value', 'source'],
      properties: {
        value: {
          description: 'The value that counts; of variables only their names.',
          nullable: true,
          anyOf: [
            { type: 'string' },
            { type: 'number' },
            { type: 'boolean' },
            { type: 'array', items: { type: 'string' } },
          ],
        },
        source: { type: 'string', enum: [...SETTING_SOURCES] },
      },
    },
    description:
      'The settings that the live version was built and runs with, by name: `value`, and `source`, which is where it comes from (`default`, `project` or `nexos.yaml`; `unknown` if an earlier release of Nexos built the version). Null while no version is live. A change of a setting shows once a version with it is live.',
    example: EXAMPLE,
  })
  settings!: Record<string, EffectiveSetting> | null;
}

export function toEnvironmentDetails(
  environment: Pick<EnvironmentResponse, keyof EnvironmentResponse>,
  live: Pick<DeploymentEntity, 'settings' | 'settingSources'> | null,
): EnvironmentDetailsResponse {
  return {
    ...environment,
    settings: live === null ? null : effectiveSettings(live.settings, live.settingSources),
  };
}
