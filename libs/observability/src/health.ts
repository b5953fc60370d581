import { Injectable } from '@nestjs/common';

/** Answers when the thing it looks at can be worked with; throws, saying why, when it cannot. */
export type HealthCheck = () => Promise<unknown>;

export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, 'ok' | 'unavailable'>>;
}

/** A check that takes longer has failed, in milliseconds. */
const DEADLINE_MS = 3_000;

/** What must be reachable for this process to take work. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, { check: HealthCheck; required: boolean }>();

  /** @param required false for what this process can do without for a while: it is reported, no more */
  register(name: string, check: HealthCheck, required = true): void {
    this.checks.set(name, { check, required });
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, { check, required }]) => ({
        name,
        required,
        ok: await passes(check),
      })),
    );
    const isReady = results.every(({ ok, required }) => ok || !required);
    return {
      status: isReady ? 'ok' : 'unavailable',
      checks: Object.fromEntries(results.map(({ name, ok }) => [name, ok ? 'ok' : 'unavailable'] as const)),
    };
  }
}

async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), DEADLINE_MS);
  });
  const answered = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
