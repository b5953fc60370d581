import { SERVICE_KINDS, type ServiceKind } from '@nexos/domain';
import type { ServiceSetting } from './setting.js';
import { SETTINGS } from './settings-table.js';

/** The versions of each service that the operator offers, by their names. */
export type ServiceOffer = Readonly<Record<ServiceKind, readonly string[]>>;
/** The versions of the data that a project's services have; null: unknown. Left out: no data. */
export type ServiceData = Readonly<Partial<Record<ServiceKind, string | null>>>;

/** Why a service cannot be had as it is wanted. */
export interface ServiceProblem {
  readonly kind: ServiceKind;
  /** For example `services.postgres.version`. */
  readonly path: string;
  /** Completes a sentence that begins with the path. */
  readonly message: string;
}

type Services = Readonly<Record<ServiceKind, ServiceSetting>>;

/** Offers no choice of versions. */
export const NO_VERSIONS = Object.fromEntries(
  SERVICE_KINDS.map((kind) => [kind, []] as const),
) as unknown as ServiceOffer;

/** Returns why a version cannot be had, as the end of a sentence that begins with the setting; null if it can. */
export function versionProblem(offered: readonly string[], version: string): string | null {
  if (offered.includes(version)) return null;
  if (offered.length === 0) return 'cannot be chosen on this installation; leave it out, or ask its operator';
  return `must be a version that this installation offers: ${offered.join(', ')}; its operator decides which. Choose one of them, or leave version out`;
}

/** Adds the versions that a project's data has: its services keep them when the operator no longer lists them. */
export function offerWith(offer: ServiceOffer, data: ServiceData): ServiceOffer {
  const entries = SERVICE_KINDS.map((kind) => {
    const current = data[kind] ?? null;
    const isListed = current === null || offer[kind].includes(current);
    return [kind, isListed ? offer[kind] : [...offer[kind], current]] as const;
  });
  return Object.fromEntries(entries) as unknown as ServiceOffer;
}

/** Returns the versions that are wanted and not offered. */
export function offerProblems(services: Services, offer: ServiceOffer): ServiceProblem[] {
  return versionsOf(services).flatMap(([kind, version]) =>
    problem(kind, versionProblem(offer[kind], version)),
  );
}

/** Returns the versions that are wanted and differ from those of the data: no server reads another version's files. */
export function dataProblems(services: Services, data: ServiceData): ServiceProblem[] {
  return versionsOf(services).flatMap(([kind, version]) => {
    const current = data[kind];
    return current === undefined ? [] : problem(kind, versionChangeProblem(kind, current, version));
  });
}

/**
 * Returns why a service whose data has one version cannot change to another; null if it is the same.
 *
 * @param current null if it is unknown: then nothing can be said against any version
 */
export function versionChangeProblem(
  kind: ServiceKind,
  current: string | null,
  wanted: string,
): string | null {
  if (current === null || wanted === current) return null;
  const { title } = SETTINGS[`services.${kind}`];
  return (
    `must stay as it is: the project's ${title} has data of version ${current}, which Nexos does not convert. Write ` +
    `"${current}", or leave version out. To change it, save the data ` +
    'elsewhere, destroy all environments of the project, which deletes their data, and deploy again'
  );
}

function versionsOf(services: Services): (readonly [ServiceKind, string])[] {
  return SERVICE_KINDS.flatMap((kind) => {
    const service = services[kind];
    return service === false || service.version === undefined ? [] : [[kind, service.version] as const];
  });
}

function problem(kind: ServiceKind, message: string | null): ServiceProblem[] {
  return message === null ? [] : [{ kind, path: `services.${kind}.version`, message }];
}
