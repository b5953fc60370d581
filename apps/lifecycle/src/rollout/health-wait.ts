import { setTimeout as wait } from 'node:timers/promises';
import { type DeploymentEntity } from '@nexos/database';
import { APP_CONTAINER } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { IngressProbe } from '@nexos/ingress';
import { type Container } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { Relays } from '../relays/relays.js';
import { SupersedeCheck } from '../reconcile/supersede-check.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { StartFailures } from './start-failures.js';
import { StartProbes } from './start-probes.js';
import { STAYS_UP_MS, StaysUp } from './stays-up.js';

/** Pause between probes: short right after the start, longer later. */
const PROBE_SOON_MS = 20;
const PROBE_LATER_MS = 200;
const SOON_FOR_MS = 3_000;
const CHECK_EVERY_MS = 500;
/** For one more probe after the time is up, which only explains the failure. */
const LAST_PROBE_MS = 2_000;

/** A container that has been started. */
export interface StartedContainer {
  readonly container: Container;
  readonly service: string;
  /** The `Host` of its health checks. */
  readonly host: string;
}

/**
 * Waits until a started container answers its health path through the ingress, the way visitors will reach it; or, without
 * a port, until it has stayed up for a while.
 */
@Injectable()
export class HealthWait {
  constructor(
    private readonly supersede: SupersedeCheck,
    private readonly services: DeploymentServices,
    private readonly probe: IngressProbe,
    private readonly relays: Relays,
    private readonly failures: StartFailures,
  ) {}

  /**
   * Probes the container until it answers below 500. Starts the project's relay if the container is behind it.
   *
   * @returns the relay through which the ingress reaches it, if it is behind one
   * @throws {DeploymentFailure} when the container does not come up
   * @throws {IngressUnavailableError} when it runs, but the ingress never got its address
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async untilHealthy(
    { environment, signal }: Omit<ReconcileContext, 'lease'>,
    deployment: DeploymentEntity,
    { container, service, host }: StartedContainer,
  ): Promise<string | null> {
    const { port, health_check_path: path } = container;
    if (port === null) return this.untilStable({ environment, signal }, deployment, container, service);
    const began = Date.now();
    const deadline = began + container.start_timeout_seconds * 1_000;
    let checkAt = began + CHECK_EVERY_MS;
    const relay = await this.relays.prepare(environment.projectId, service, signal);
    const target = { service, port, relay, path, host };
    const probes = new StartProbes(deadline, (timeoutMs, ended) =>
      this.probe.probe({ ...target, timeoutMs, signal: AbortSignal.any([signal, ended]) }),
    );
    try {
      while (Date.now() < deadline) {
        const pauseMs = Date.now() - began < SOON_FOR_MS ? PROBE_SOON_MS : PROBE_LATER_MS;
        if (await probes.next(pauseMs, signal)) return relay;
        if (Date.now() < checkAt) continue;
        await this.supersede.check(environment, deployment);
        await this.failures.throwIfDown(container, await this.services.tasks(service));
        checkAt = Date.now() + CHECK_EVERY_MS;
      }
      const finding = probes.finding();
      const probeAgain = () => this.probe.probe({ ...target, timeoutMs: LAST_PROBE_MS, signal });
      const isExposed = sourceOfPort(deployment, container) === 'image';
      const tasks = await this.services.tasks(service);
      throw await this.failures.ofTimeout(container, finding, tasks, { probeAgain, isExposed });
    } finally {
      probes.stop();
    }
  }

  /** Waits until the same container has run for as long as it must; it cannot be probed. */
  private async untilStable(
    { environment, signal }: Omit<ReconcileContext, 'lease'>,
    deployment: DeploymentEntity,
    container: Container,
    service: string,
  ): Promise<null> {
    const staysUp = new StaysUp();
    const deadline = Date.now() + container.start_timeout_seconds * 1_000 + STAYS_UP_MS;
    while (Date.now() < deadline) {
      const tasks = await this.services.tasks(service);
      await this.failures.throwIfDown(container, tasks);
      if (staysUp.observe(tasks, performance.now())) return null;
      await this.supersede.check(environment, deployment);
      await wait(CHECK_EVERY_MS, undefined, { signal });
    }
    throw await this.failures.ofTimeout(container, null, await this.services.tasks(service));
  }
}

function sourceOfPort({ settingSources }: DeploymentEntity, { name }: Container): string | undefined {
  return settingSources?.[name === APP_CONTAINER ? 'port' : `containers.${name}.port`];
}
