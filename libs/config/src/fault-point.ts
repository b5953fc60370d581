/** Where a lifecycle worker can be made to die: between two steps of which each changes another system. */
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
  'destroy.service-deprovisioned',
  'destroy.all-deprovisioned',
  'destroy.parts-forgotten',
  'destroy.shared-services-removed',
  'destroy.volumes-removed',
  'destroy.services-forgotten',
  'destroy.ingress-disconnected',
  'destroy.network-released',
  'destroy.recorded',
  'pause.route-gone',
  'pause.recorded',
  'pause.scaled',
  'pause.rested',
  'resume.started',
  'resume.healthy',
  'resume.route-set',
  'resume.recorded',
  'job.begun',
  'job.ended',
] as const;
export type LifecycleFaultPoint = (typeof LIFECYCLE_FAULT_POINTS)[number];

/** The same for an integrations worker. */
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
] as const;
export type IntegrationsFaultPoint = (typeof INTEGRATIONS_FAULT_POINTS)[number];

export const FAULT_POINTS = [...LIFECYCLE_FAULT_POINTS, ...INTEGRATIONS_FAULT_POINTS] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Read here, and not injected: what may be called between any two lines is to change no constructor. */
const armed = process.env.NEXOS_FAULT_POINT;

/** Ends the process on the spot, as a crash would, where it was started with `NEXOS_FAULT_POINT` set to that name. */
export function faultPoint(name: FaultPoint): void {
  if (name === armed) process.kill(process.pid, 'SIGKILL');
}
