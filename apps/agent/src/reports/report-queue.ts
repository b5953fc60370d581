import { AGENT_REPORT_LIMITS, type AgentReport, type ContainerRun } from '@nexos/contracts';

/** A listing of as many containers as one machine may list fits. */
const MAX_RUNS = AGENT_REPORT_LIMITS.listed;

/** What is still to be reported: the newest facts of each container, up to a limit. */
export class ReportQueue {
  private readonly runs = new Map<string, ContainerRun>();
  private listed: AgentReport['listed'] = null;
  private dropped = false;

  constructor(private readonly maxRuns: number = MAX_RUNS) {}

  get isEmpty(): boolean {
    return this.runs.size === 0 && this.listed === null;
  }

  /** Adds the newest facts of a container. Drops those that have waited longest when there are too many. */
  add(run: ContainerRun): void {
    this.runs.delete(run.id);
    this.runs.set(run.id, run);
    const [oldest] = this.runs.keys();
    if (this.runs.size <= this.maxRuns || oldest === undefined) return;
    this.runs.delete(oldest);
    this.dropped = true;
  }

  addListing(listed: NonNullable<AgentReport['listed']>): void {
    this.listed = listed;
  }

  /** Returns the next part, which stays in the queue. A listing comes last, after the ends of those not in it. */
  next(): Omit<AgentReport, 'machine'> {
    const containers = [...this.runs.values()].slice(0, AGENT_REPORT_LIMITS.containers);
    const isLast = containers.length === this.runs.size;
    return { containers, listed: isLast ? this.listed : null };
  }

  /** Removes a part, except what has changed since it was returned. */
  remove({ containers, listed }: Omit<AgentReport, 'machine'>): void {
    for (const run of containers) if (this.runs.get(run.id) === run) this.runs.delete(run.id);
    if (this.listed === listed) this.listed = null;
  }

  /** Returns, once, whether facts were dropped, so that containers must be listed again. */
  takeDropped(): boolean {
    const { dropped } = this;
    this.dropped = false;
    return dropped;
  }
}
