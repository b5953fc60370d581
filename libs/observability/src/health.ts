import { Injectable } from '@nestjs/common';

/** Resolves when the checked dependency is usable; rejects with the reason when it is not. */
export type HealthCheck = () => Promise<unknown>;

export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, 'ok' | 'unavailable'>>;
}

/** Milliseconds after which a check counts as failed. */
const DEADLINE_MS = 3_000;

/** Health checks that must pass before this process takes work. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, { check: HealthCheck; required: boolean }>();

  /** @param required false for a dependency that this process can do without for a while: reported only */
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
