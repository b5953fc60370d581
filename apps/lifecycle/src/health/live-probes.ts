import { type ProbeFacts } from '@nexos/domain';
import { EngineConfig } from '@nexos/config';
import { serviceName } from '@nexos/engine';
import { IngressProbe, IngressUnavailableError } from '@nexos/ingress';
import { type HealthSubject } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { ProbeHistory } from './probe-history.js';

const TIMEOUT_MS = 10_000;
const EVERY_MS = 4_000;
/** Limits the load of probing: with more environments than this times four, each is probed less often. */
const PROBES_PER_SECOND = 60;
const SECOND_MS = 1_000;

/** Probes the live versions of running environments through the ingress, the way visitors reach them. */
@Injectable()
export class LiveProbes {
  private readonly logger = new Logger(LiveProbes.name);
  private readonly histories = new Map<string, ProbeHistory>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly probe: IngressProbe,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** Begins the probes that are due, without waiting for their results, and forgets versions that are not given. */
  begin(subjects: readonly HealthSubject[]): void {
    const live = new Set(subjects.map(({ deploymentId }) => deploymentId));
    for (const id of this.histories.keys()) if (!live.has(id)) this.histories.delete(id);
    const now = performance.now();
    const everyMs = Math.max(EVERY_MS, (subjects.length / PROBES_PER_SECOND) * SECOND_MS);
    for (const subject of subjects) {
      const { deploymentId } = subject;
      const history = this.histories.get(deploymentId) ?? new ProbeHistory();
      this.histories.set(deploymentId, history);
      if (history.isDue(now, everyMs)) void this.run(subject, history, now);
    }
  }

  /** Returns the results of probing a version, in milliseconds since the epoch by the clock that says `now`. */
  factsOf(deploymentId: string, now: number): ProbeFacts | null {
    const monotonic = performance.now();
    const facts = this.histories.get(deploymentId)?.facts(monotonic) ?? null;
    if (facts?.failingSince == null) return facts;
    return { ...facts, failingSince: now - (monotonic - facts.failingSince) };
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(subject: HealthSubject, history: ProbeHistory, start: number): Promise<void> {
    const { settings, hostname, deploymentId, moves } = subject;
    const { port, health_check_path: path } = settings;
    const service = serviceName(this.engineConfig.instance, deploymentId, moves);
    const { signal } = this.stopping;
    history.begin(start);
    try {
      const request = { service, port, path, host: hostname, timeoutMs: TIMEOUT_MS, signal };
      history.end(start, await this.probe.probe(request), { port, path });
    } catch (error) {
      history.end(start, null, { port, path });
      // That HAProxy does not answer says nothing about the app; its own checks report it.
      if (error instanceof IngressUnavailableError || signal.aborted) return;
      this.logger.error(`could not probe ${deploymentId}: ${(error as Error).message}`);
    }
  }
}
