import { readFileSync } from 'node:fs';

const EVERY_MS = 1_000;
const KIB_PER_MIB = 1024;

/** Samples the resident memory of processes with their children, once a second. */
export class PeakMemory {
  private readonly peaks = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  /** @param pids returns the ids of the present processes by name */
  constructor(private readonly pids: () => Promise<Readonly<Record<string, number | undefined>>>) {
    this.timer = setInterval(() => void this.sample(), EVERY_MS);
  }

  /** Returns the peaks so far, in MiB. */
  get mib(): Record<string, number> {
    return Object.fromEntries(this.peaks);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sample(): Promise<void> {
    const pids = await this.pids().catch(() => ({}));
    for (const [name, pid] of Object.entries(pids)) {
      if (pid === undefined) continue;
      const mib = Math.round(residentKib(pid) / KIB_PER_MIB);
      this.peaks.set(name, Math.max(mib, this.peaks.get(name) ?? 0));
    }
  }
}

/** Returns 0 for a process that has ended. */
function residentKib(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number);
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return own + children.filter((child) => child > 0).reduce((sum, child) => sum + residentKib(child), 0);
  } catch {
    return 0;
  }
}
