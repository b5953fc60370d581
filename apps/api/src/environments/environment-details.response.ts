import { type DeploymentEntity } from '@nexos/database';
import { SERVICE_KINDS, type ServiceKind, STORAGE_LEVELS, type StorageLevel } from '@nexos/domain';
import { type ServiceStorage } from '@nexos/state';
import {
  deploymentSettings,
  type EffectiveSetting,
  effectiveSettings,
  SETTING_SOURCES,
} from '@nexos/settings';
import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';
import { EnvironmentContainerResponse } from './environment-container.response.js';
import { EnvironmentResponse } from './environment.response.js';

const ALL = effectiveSettings(
  { ...deploymentSettings({ memory_mb: 1024 }), port: 8080, env: { LOG_LEVEL: 'debug' } },
  { memory_mb: 'project', port: 'nexos.yaml', env: 'nexos.yaml' },
);
const SHOWN = ['port', 'memory_mb', 'stop_grace_seconds', 'services.postgres', 'env'];
const EXAMPLE = Object.fromEntries(Object.entries(ALL).filter(([name]) => SHOWN.includes(name)));

/** How much of its expected storage a service uses. */
export class ServiceStorageResponse {
  @ApiProperty({ enum: SERVICE_KINDS })
  service!: ServiceKind;

  @ApiProperty({
    enum: STORAGE_LEVELS,
    description: '`nearly_full` from 80 % of `storage_mb`, `full` from 100 %. Nothing is blocked.',
    example: 'nearly_full',
  })
  level!: StorageLevel;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "MiB that the data of all of the project's environments takes; null until it was measured.",
    example: 4300,
  })
  used_mb!: number | null;

  @ApiProperty({ type: 'integer', description: 'MiB that the live version expects.', example: 5120 })
  storage_mb!: number;

  @TimeProperty({ nullable: true })
  measured_at!: string | null;
}

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
            {
              type: 'array',
              items: { oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }] },
            },
            { type: 'object', additionalProperties: true },
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

  @ApiProperty({
    type: [EnvironmentContainerResponse],
    description: 'The containers of the live version, with the app first. Empty while no version is live.',
  })
  containers!: EnvironmentContainerResponse[];

  @ApiProperty({
    type: [ServiceStorageResponse],
    description: 'The services for which the live version names `storageMb`, and how much of it they use.',
  })
  storage!: ServiceStorageResponse[];
}

export function toEnvironmentDetails(
  environment: Pick<EnvironmentResponse, keyof EnvironmentResponse>,
  live: Pick<DeploymentEntity, 'settings' | 'settingSources'> | null,
  containers: readonly EnvironmentContainerResponse[],
  storage: readonly ServiceStorage[],
): EnvironmentDetailsResponse {
  return {
    ...environment,
    settings: live === null ? null : effectiveSettings(live.settings, live.settingSources),
    containers: [...containers],
    storage: storage.flatMap(({ kind, level, usedMb, limitMb, measuredAt }) => {
      if (limitMb === null) return [];
      const at = measuredAt?.toISOString() ?? null;
      return [{ service: kind, level, used_mb: usedMb, storage_mb: limitMb, measured_at: at }];
    }),
  };
}
