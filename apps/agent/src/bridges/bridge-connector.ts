import { setTimeout as delay } from 'node:timers/promises';
import { EngineConfig } from '@nexos/config';
import { bridgeName, EngineConflictError, EngineNotFoundError, LocalBridges } from '@nexos/engine';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  ContainerTracker,
  type CreatedContainer,
  type TrackedContainer,
} from '../tracker/container-tracker.js';
import { BridgePools } from './bridge-pools.js';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 10_000;

/** A container that belongs on the bridge of its project. */
interface Member {
  readonly projectId: string;
  /** The address that it has, or gets when it starts. */
  address: string | null;
  /** Whether it was seen running without an address. */
  isMissing: boolean;
  isConnecting: boolean;
  /** Resolves after the first attempt to connect it. */
  attempted: Promise<void>;
}

/**
 * Connects containers to the bridge of their project, over which the ingress reaches them, and chooses their addresses.
 *
 * It does so when a container has just been created. That takes effect when the container starts, before its first
 * process runs. If the engine is faster, the container is paused as soon as it has started, until it is connected: a
 * connection moves its default route to the bridge, and connections to the outside that it has opened before break. So do
 * those of a container that started while no agent ran.
 */
@Injectable()
export class BridgeConnector implements OnApplicationShutdown {
  private readonly logger = new Logger(BridgeConnector.name);
  private readonly stopping = new AbortController();
  private readonly members = new Map<string, Member>();
  private readonly work = new Set<Promise<void>>();
  /** The containers that this agent has paused, or may have, and lets continue itself. */
  private readonly pausing = new Set<string>();
  /** The containers that could not be connected so far. */
  private readonly failing = new Set<Member>();

  constructor(
    private readonly local: LocalBridges,
    private readonly pools: BridgePools,
    private readonly tracker: ContainerTracker,
    private readonly config: EngineConfig,
  ) {
    tracker.listen({
      created: (container) => this.takeCreated(container),
      changed: (container) => this.take(container),
      ended: (id) => this.drop(id),
      removed: (id) => this.drop(id),
      listed: () => {
        const projects = new Set([...this.members.values()].map(({ projectId }) => projectId));
        this.pools.keep(projects);
        this.track(this.unpauseAll());
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.work);
  }

  private takeCreated({ id, projectId, joinsBridge }: CreatedContainer): void {
    if (!joinsBridge || projectId === null || this.members.has(id) || this.stopping.signal.aborted) return;
    const unpause = this.pauseIfStarted(id);
    this.connect(id, this.add(id, projectId), unpause);
  }

  private take({ id, owner: { projectId }, joinsBridge, addresses, end }: TrackedContainer): void {
    if (!joinsBridge || projectId === null) return;
    if (end !== null) {
      this.drop(id);
      return;
    }
    const member = this.members.get(id) ?? this.add(id, projectId);
    const address = addresses[bridgeName(this.config.instance, projectId)] ?? null;
    member.isMissing = address === null;
    if (address === null) {
      this.connect(id, member);
    } else if (address !== member.address) {
      this.pools.move(projectId, member.address, address);
      member.address = address;
    }
  }

  private add(id: string, projectId: string): Member {
    const attempted = Promise.resolve();
    const member = { projectId, address: null, isMissing: false, isConnecting: false, attempted };
    this.members.set(id, member);
    return member;
  }

  private drop(id: string): void {
    const member = this.members.get(id);
    if (member === undefined) return;
    this.members.delete(id);
    this.failing.delete(member);
    const { projectId } = member;
    this.pools.move(projectId, member.address, null);
    // Without containers, the bridge may be removed and made again. The engine would accept the old one's id without a
    // word for a container that has not started.
    const isLast = [...this.members.values()].every((other) => other.projectId !== projectId);
    if (isLast) this.pools.doubt(projectId);
  }

  private connect(id: string, member: Member, afterAttempt = () => Promise.resolve()): void {
    if (member.isConnecting) return;
    member.isConnecting = true;
    let attempted = (): void => undefined;
    member.attempted = new Promise((resolve) => (attempted = resolve));
    const connecting = this.connectUntilDone(id, member, () => {
      attempted();
      return afterAttempt();
    });
    this.track(
      connecting.finally(() => {
        member.isConnecting = false;
        attempted();
      }),
    );
  }

  /** Has the shutdown wait for work. */
  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.work.delete(tracked));
    this.work.add(tracked);
  }

  /**
   * Pauses a container that was just created, if its start is under way. The engine serves the request before that to
   * connect the container, which follows.
   *
   * @returns what lets it continue
   */
  private pauseIfStarted(id: string): () => Promise<void> {
    this.pausing.add(id);
    const pausing = this.local.pause(id).catch((error: unknown) => {
      this.logger.warn(`could not pause container ${id}: ${(error as Error).message}`);
      // The engine may have done it nevertheless.
      return true;
    });
    return async () => {
      if (await pausing) await this.unpause(id);
      this.pausing.delete(id);
    };
  }

  /** Tries until the container runs or is gone; once more while shutting down. */
  private async unpause(id: string): Promise<void> {
    const { signal } = this.stopping;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, MAX_RETRY_MS)) {
      const isLast = signal.aborted;
      try {
        await this.local.unpause(id);
        return;
      } catch (error) {
        this.logger.warn(`could not unpause container ${id}: ${(error as Error).message}`);
      }
      if (isLast) return;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Lets containers continue that an agent left paused: it was killed, or the engine paused them too late. */
  private async unpauseAll(): Promise<void> {
    try {
      const paused = await this.local.listPaused();
      const left = paused.filter((id) => !this.pausing.has(id));
      await Promise.all(
        left.map(async (id) => {
          await this.members.get(id)?.attempted;
          await this.unpause(id);
        }),
      );
    } catch (error) {
      this.logger.warn(
        `could not list paused containers, will try again in a minute: ${(error as Error).message}`,
      );
    }
  }

  /**
   * Tries until the container is on the bridge, or gone.
   *
   * @param attempted called after the first attempt
   */
  private async connectUntilDone(id: string, member: Member, attempted?: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    const isOver = () => signal.aborted || this.members.get(id) !== member;
    let retryMs = FIRST_RETRY_MS;
    while (!isOver()) {
      try {
        await this.attempt(id, member).finally(attempted);
        attempted = undefined;
        if (member.isMissing) await this.tracker.refresh(id);
        this.reportSuccess(member);
        return;
      } catch (error) {
        attempted = undefined;
        if (!isOver()) this.reportFailure(member, error as Error);
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
    }
  }

  private async attempt(id: string, member: Member): Promise<void> {
    const { projectId } = member;
    const { bridgeId, pool } = await this.pools.open(projectId, () => this.addressesOf(projectId));
    member.address ??= pool.take();
    if (member.address === null) throw new Error('all of its addresses are in use');
    try {
      const exists = await this.local.connect(bridgeId, id, member.address);
      if (!exists) this.drop(id);
    } catch (error) {
      if (error instanceof EngineNotFoundError) this.pools.doubt(projectId);
      // After any other error, the container may have the address.
      const isFree = error instanceof EngineNotFoundError || error instanceof EngineConflictError;
      if (isFree && this.members.get(id) === member) {
        this.pools.move(projectId, member.address, null);
        member.address = null;
      }
      throw error;
    }
  }

  private addressesOf(projectId: string): string[] {
    const members = [...this.members.values()].filter((member) => member.projectId === projectId);
    return members.flatMap(({ address }) => address ?? []);
  }

  /** Logs the first failure of a project, and none until its containers are connected. */
  private reportFailure(member: Member, { message }: Error): void {
    const { projectId } = member;
    const isReported = this.isFailing(projectId);
    this.failing.add(member);
    if (isReported) return;
    this.logger.warn(`could not connect a container of ${projectId} to its bridge, will retry: ${message}`);
  }

  private reportSuccess(member: Member): void {
    if (!this.failing.delete(member) || this.isFailing(member.projectId)) return;
    this.logger.log(`connected the containers of ${member.projectId} to its bridge`);
  }

  private isFailing(projectId: string): boolean {
    return [...this.failing].some((member) => member.projectId === projectId);
  }
}
