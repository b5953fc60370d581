/** Where tests can crash a lifecycle worker: between two steps that change different systems. */
export const LIFECYCLE_FAULT_POINTS = [
  'rollout.services-reserved',
  'rollout.network-made',
  'rollout.network-prepared',
  'rollout.service-placed',
  'rollout.service-started',
  'rollout.provisioned',
  'rollout.provisioning-recorded',
  'rollout.seed-running',
  'rollout.seed-ended',
  'rollout.on_deploy-running',
  'rollout.on_deploy-ended',
  'rollout.on_new-running',
  'rollout.on_new-ended',
  'rollout.hooks-recorded',
  'rollout.service-created',
  'rollout.healthy',
  'rollout.route-moved',
  'rollout.committed',
  'rollout.failed',
  'rollout.old-service-removed',
  'rollout.hooks-removed',
  'rollout.old-images-given-up',
  'rollout.tidied',
  'reset.backup-recorded',
  'reset.database-swapped',
  'reset.recorded',
  'reset.hooks-ended',
  'reset.hooks-recorded',
  'reset.expired-dropped',
  'destroy.route-gone',
  'destroy.services-removed',
  'destroy.hooks-removed',
  'destroy.images-given-up',
  'destroy.images-removed',
  'destroy.version-networks-removed',
  'destroy.service-deprovisioned',
  'destroy.all-deprovisioned',
  'destroy.parts-forgotten',
  'destroy.shared-services-removed',
  'destroy.volumes-removed',
  'destroy.services-forgotten',
  'destroy.relay-removed',
  'destroy.network-released',
  'destroy.recorded',
  'pause.route-gone',
  'pause.begun',
  'pause.scaled',
  'pause.stopped',
  'pause.recorded',
  'pause.rested',
  'resume.begun',
  'resume.started',
  'resume.healthy',
  'resume.route-set',
  'resume.recorded',
  'resume.stopped',
  'resume.failed-route-gone',
  'resume.failed',
  'job.begun',
  'job.ended',
] as const;
export type LifecycleFaultPoint = (typeof LIFECYCLE_FAULT_POINTS)[number];

/** Where tests can crash an integrations worker. */
export const INTEGRATIONS_FAULT_POINTS = [
  'delivery.begun',
  'delivery.locked',
  'delivery.applied',
  'delivery.recorded',
  'delivery.committed',
  'delivery.told',
  'delivery.drained',
  'lookup.begun',
  'lookup.answered',
  'lookup.settled',
  'lookup.recorded',
  'check.begun',
  'check.answered',
  'check.doubted',
  'check.applied',
  'notify.written',
  'notify.committed',
  'notify.claimed',
  'notify.sent',
  'notify.settled',
] as const;
export type IntegrationsFaultPoint = (typeof INTEGRATIONS_FAULT_POINTS)[number];

export const FAULT_POINTS = [...LIFECYCLE_FAULT_POINTS, ...INTEGRATIONS_FAULT_POINTS] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/**
 * Kills the process as a crash would, if `NEXOS_FAULT_POINT` is that name. The variable is read here rather than injected, so
 * that a fault point can be added between any two lines, and each time, since tests set it while the process runs.
 */
export function faultPoint(name: FaultPoint): void {
  if (name === process.env.NEXOS_FAULT_POINT) process.kill(process.pid, 'SIGKILL');
}
