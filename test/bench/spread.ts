/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spread(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function printSpread(name: string, { p50, p99, max }: Spread): void {
  process.stdout.write(`${name}\n  p50 ${p50} ms   p99 ${p99} ms   max ${max} ms\n\n`);
}
