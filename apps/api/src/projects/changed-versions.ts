import { SERVICE_KINDS } from '@nexos/domain';
import { type DeploymentSettings, deploymentSettings, type SettingsRow } from '@nexos/settings';

type Services = DeploymentSettings['services'];

/**
 * Returns the services whose version a change sets; all others as false. A version that the operator no longer offers
 * does not prevent other changes.
 */
export function changedVersions({ settings }: SettingsRow, change: Partial<SettingsRow>): Services {
  const before = deploymentSettings(settings).services;
  const after = deploymentSettings(change.settings ?? settings).services;
  const changed = SERVICE_KINDS.map((kind) => {
    const isSame = versionOf(before[kind]) === versionOf(after[kind]);
    return [kind, isSame ? false : after[kind]] as const;
  });
  return Object.fromEntries(changed) as unknown as Services;
}

function versionOf(service: Services[keyof Services]): string | undefined {
  return service === false ? undefined : service.version;
}
