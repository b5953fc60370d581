import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { IngressConfig, withDeadline } from '@nexos/config';
import { AGENT_REPORTS_PATH, AGENT_REPORT_LIMITS, AGENT_SOCKET, type AgentReport } from '@nexos/contracts';
import { Engine } from '@nexos/engine';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContainerTracker, type TrackedContainer } from '../tracker/container-tracker.js';
import { EngineWatch } from '../tracker/engine-watch.js';
import { ReportQueue } from './report-queue.js';

/** Collects what happens at the same time into one report. */
const GATHER_MS = 50;
const HEARTBEAT_MS = 5_000;
const TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;
/** Failures in a row, over about four seconds, after which the log says so: the API may start later than the agent. */
const TOLD_FAILURES = 5;

/** Reports the containers of deployments to the API over its unix socket, and that this agent is alive. */
@Injectable()
export class ApiReporter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ApiReporter.name);
  private readonly stopping = new AbortController();
  private readonly queue = new ReportQueue();
  private readonly socketPath: string;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();
  private machine: string | null = null;
  /** In a row. */
  private failures = 0;
  /** Whether more containers run here than the queue holds: listing them again would drop facts again. */
  private isCrowded = false;

  constructor(
    config: IngressConfig,
    private readonly engine: Engine,
    private readonly tracker: ContainerTracker,
    private readonly watch: EngineWatch,
  ) {
    this.socketPath = join(config.socketDir, AGENT_SOCKET);
    tracker.listen({
      changed: (container) => this.add(container),
      listed: (at, ids) => {
        // The API takes containers that a listing lacks for gone, so an incomplete one must not be sent.
        this.isCrowded = ids.length > AGENT_REPORT_LIMITS.listed;
        if (!this.isCrowded) this.queue.addListing({ at, ids });
        else this.logger.warn(`${ids.length} containers run here, too many to report which have gone`);
        this.wake();
      },
    });
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private add(tracked: TrackedContainer): void {
    const { id, name, owner, addresses, startedAt, listeners, outOfMemoryAt, end } = tracked;
    const { deploymentId, container, job } = owner;
    if (deploymentId === null || job !== null) return;
    const address = Object.values(addresses)[0] ?? null;
    this.queue.add({ id, deploymentId, container, name, address, startedAt, listeners, outOfMemoryAt, end });
    this.wake();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      if (!(await this.sendNext(signal))) {
        await delay(retryMs, undefined, { signal }).catch(() => undefined);
        retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
        continue;
      }
      retryMs = FIRST_RETRY_MS;
      if (this.queue.takeDropped() && !this.isCrowded) await this.listAgain();
      if (this.queue.isEmpty) await this.untilWoken(signal);
    }
  }

  /** Brings back facts that were dropped. If the engine does not answer, the next periodic listing does. */
  private async listAgain(): Promise<void> {
    try {
      await this.tracker.list();
    } catch (error) {
      this.logger.warn(`could not list the containers again: ${(error as Error).message}`);
    }
  }

  /** @returns whether it was received, or must not be sent again */
  private async sendNext(signal: AbortSignal): Promise<boolean> {
    const part = this.queue.next();
    // An agent that does not know the present state of its machine must not seem alive.
    if (this.queue.isEmpty && !this.watch.isCurrent) return true;
    try {
      const machine = await this.machineId();
      const status = await this.post({ machine, ...part }, signal);
      if (status >= 500) throw new Error(`the API answered ${status}`);
      if (status >= 400) this.logger.error(`the API refused a report with ${status}; it is dropped`);
      this.queue.remove(part);
      if (this.failures >= TOLD_FAILURES) this.logger.log('the API receives reports again');
      this.failures = 0;
      return true;
    } catch (error) {
      if (++this.failures === TOLD_FAILURES && !signal.aborted) {
        this.logger.warn(`could not report to the API, will retry: ${(error as Error).message}`);
      }
      return false;
    }
  }

  private async machineId(): Promise<string> {
    this.machine ??= (await this.engine.info()).swarm.nodeId;
    if (this.machine === null) throw new Error('the engine is not in a Swarm yet');
    return this.machine;
  }

  private post(report: AgentReport, signal: AbortSignal): Promise<number> {
    const body = Buffer.from(JSON.stringify(report));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: this.socketPath,
          path: AGENT_REPORTS_PATH,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': body.length },
          agent: false,
          signal: withDeadline(signal, TIMEOUT_MS),
        },
        (response) => {
          response.once('error', reject).resume();
          response.once('end', () => resolve(response.statusCode ?? 0));
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** Waits until there is something to report, and a moment longer; or for the next heartbeat. */
  private async untilWoken(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    await delay(HEARTBEAT_MS, undefined, { signal: either }).catch(() => undefined);
    this.wake = () => undefined;
    if (woken.signal.aborted) await delay(GATHER_MS, undefined, { signal }).catch(() => undefined);
  }
}
