import { type ProbeFacts } from '@nexos/domain';
import { EngineConfig } from '@nexos/config';
import { EngineError, serviceName } from '@nexos/engine';
import { IngressProbe, IngressUnavailableError } from '@nexos/ingress';
import { type HealthSubject } from '@nexos/state';
import { type Container } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { Relays } from '../relays/relays.js';
import { containerKey } from './container-key.js';
import { ProbeHistory } from './probe-history.js';

const TIMEOUT_MS = 10_000;
const EVERY_MS = 4_000;
/** Limits the load of probing: with more containers than this times four, each is probed less often. */
const PROBES_PER_SECOND = 60;
const SECOND_MS = 1_000;

/** A container with a port. */
interface Probed {
  readonly subject: HealthSubject;
  readonly container: Container;
  readonly port: number;
}

/** Probes the live versions of running environments through the ingress, the way visitors reach them. */
@Injectable()
export class LiveProbes {
  private readonly logger = new Logger(LiveProbes.name);
  private readonly histories = new Map<string, ProbeHistory>();
  /** The relays of services that answered, by service; a service and its relay never change while it is live. */
  private readonly relayOf = new Map<string, string | null>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly probe: IngressProbe,
    private readonly relays: Relays,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** Begins the probes that are due, without waiting for their results, and forgets versions that are not given. */
  begin(subjects: readonly HealthSubject[]): void {
    const probed = subjects.flatMap((subject) =>
      subject.containers.flatMap(({ container }) => {
        const { port } = container;
        return port === null ? [] : [{ subject, container, port }];
      }),
    );
    const live = new Set(probed.map(({ subject, container }) => containerKey(subject, container)));
    for (const key of this.histories.keys()) if (!live.has(key)) this.histories.delete(key);
    const services = new Set(probed.map(({ subject, container }) => this.serviceOf(subject, container)));
    for (const name of this.relayOf.keys()) if (!services.has(name)) this.relayOf.delete(name);
    const now = performance.now();
    const everyMs = Math.max(EVERY_MS, (probed.length / PROBES_PER_SECOND) * SECOND_MS);
    for (const target of probed) {
      const key = containerKey(target.subject, target.container);
      const history = this.histories.get(key) ?? new ProbeHistory();
      this.histories.set(key, history);
      if (history.isDue(now, everyMs)) void this.run(target, history, now);
    }
  }

  /** Returns the results of probing a container, in milliseconds since the epoch by the clock that says the subject's `now`. */
  factsOf(subject: HealthSubject, container: Container): ProbeFacts | null {
    const monotonic = performance.now();
    const facts = this.histories.get(containerKey(subject, container))?.facts(monotonic) ?? null;
    if (facts?.failingSince == null) return facts;
    return { ...facts, failingSince: subject.now - (monotonic - facts.failingSince) };
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(
    { subject, container, port }: Probed,
    history: ProbeHistory,
    start: number,
  ): Promise<void> {
    const { hostname, deploymentId, projectId } = subject;
    const { health_check_path: path } = container;
    const service = this.serviceOf(subject, container);
    const { signal } = this.stopping;
    history.begin(start);
    try {
      const known = this.relayOf.get(service);
      const relay = known === undefined ? await this.relays.find(projectId, service) : known;
      const request = { service, port, relay, path, host: hostname, timeoutMs: TIMEOUT_MS, signal };
      const result = await this.probe.probe(request);
      history.end(start, result, { port, path });
      if (result.kind === 'answered') this.relayOf.set(service, relay);
      else this.relayOf.delete(service);
    } catch (error) {
      history.end(start, null, { port, path });
      // That HAProxy or the engine does not answer says nothing about the app; its own checks report it.
      if (error instanceof IngressUnavailableError || error instanceof EngineError || signal.aborted) return;
      this.logger.error(`could not probe ${deploymentId}: ${(error as Error).message}`);
    }
  }

  private serviceOf({ deploymentId, moves }: HealthSubject, { index }: Container): string {
    return serviceName(this.engineConfig.instance, deploymentId, moves, index);
  }
}
