import { setTimeout as delay } from 'node:timers/promises';
import { EngineConfig } from '@nexos/config';
import { bridgeName } from '@nexos/engine';
import { AddressMap } from '@nexos/ingress';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContainerTracker, type TrackedContainer } from '../tracker/container-tracker.js';

/** How often it looks whether HAProxy has restarted. The engine takes longer to start it again. */
const CHECK_MS = 200;
/** How often it looks while HAProxy does not answer: visitors wait for the addresses from its start on. */
const CHECK_WHILE_AWAY_MS = 25;
/** How often it compares the whole map with what it should be. */
const COMPARE_MS = 60_000;

/** A container of a service. */
interface Place {
  readonly containerId: string;
  readonly address: string;
  readonly startedAt: string;
}

/**
 * Publishes where the containers on this machine are, in the address map of its HAProxy. Nobody else writes that.
 *
 * An address that is outdated because this agent is frozen or dead leads nowhere: only this agent gives addresses to
 * containers, and a freed one last.
 */
@Injectable()
export class AddressPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AddressPublisher.name);
  private readonly places = new Map<string, Place>();
  private readonly changed = new Set<string>();
  private wake: () => void = () => undefined;
  private isStopping = false;
  private running: Promise<void> = Promise.resolve();
  private hasListed = false;
  /** The HAProxy whose map was compared last. */
  private identity: string | null = null;
  private comparedAt = 0;
  private isReaching = true;

  constructor(
    private readonly map: AddressMap,
    private readonly config: EngineConfig,
    tracker: ContainerTracker,
  ) {
    tracker.listen({
      changed: (container) => this.take(container),
      ended: (id) => this.dropContainers((containerId) => containerId === id),
      listed: (_at, ids) => {
        const running = new Set(ids);
        this.dropContainers((containerId) => !running.has(containerId));
        this.hasListed = true;
        this.wake();
      },
    });
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.running;
  }

  private take({ id, name, owner, addresses, startedAt, end }: TrackedContainer): void {
    if (end !== null || owner.projectId === null) return;
    const address = addresses[bridgeName(this.config.instance, owner.projectId)];
    const service = serviceOf(name);
    if (address === undefined || service === null) return;
    const known = this.places.get(service);
    if (known?.containerId === id && known.address === address) return;
    // While a relay is replaced, the service has two; the old one only ends its connections.
    if (known !== undefined && known.startedAt > startedAt) return;
    this.places.set(service, { containerId: id, address, startedAt });
    this.markChanged(service);
  }

  private dropContainers(isGone: (containerId: string) => boolean): void {
    for (const [service, { containerId }] of this.places) {
      if (!isGone(containerId)) continue;
      this.places.delete(service);
      this.markChanged(service);
    }
  }

  private markChanged(service: string): void {
    this.changed.add(service);
    this.wake();
  }

  private async run(): Promise<void> {
    let checkedAt = -Infinity;
    while (!this.isStopping) {
      try {
        if (performance.now() - checkedAt >= CHECK_MS) {
          await this.compareWhenDue();
          checkedAt = performance.now();
        }
        for (const service of this.changed) await this.publish(service);
        if (!this.isReaching) this.logger.log('HAProxy receives addresses again');
        this.isReaching = true;
        if (this.changed.size === 0) await this.untilWoken();
      } catch (error) {
        if (this.isReaching)
          this.logger.warn(`could not publish addresses, will retry: ${(error as Error).message}`);
        this.isReaching = false;
        this.identity = null;
        await delay(CHECK_WHILE_AWAY_MS);
        checkedAt = -Infinity;
      }
    }
  }

  private async compareWhenDue(): Promise<void> {
    const identity = await this.map.identity();
    const isDue = identity !== this.identity || performance.now() - this.comparedAt > COMPARE_MS;
    // Without a listing, an incomplete map would be marked as complete.
    if (!isDue || !this.hasListed) return;
    await this.map.replaceAll(new Map([...this.places].map(([service, { address }]) => [service, address])));
    this.identity = identity;
    this.comparedAt = performance.now();
  }

  private async publish(service: string): Promise<void> {
    // Whatever changes from here on is published once more.
    this.changed.delete(service);
    try {
      const place = this.places.get(service);
      if (place === undefined) await this.map.delete(service);
      else await this.map.set(service, place.address);
    } catch (error) {
      this.changed.add(service);
      throw error;
    }
  }

  /** Waits until there is something to publish, or for the next check. */
  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CHECK_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Returns the name of a container's Swarm service: Swarm names it `service.slot.task`. */
function serviceOf(name: string): string | null {
  const [service = '', slot, task, ...more] = name.split('.');
  return slot === undefined || task === undefined || more.length > 0 || service === '' ? null : service;
}
