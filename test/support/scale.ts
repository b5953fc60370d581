import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `long` in `npm run test:scale`, `short` wherever a run is waited for. */
    scale: 'short' | 'long';
  }
}

/** How often something is done: `short` says the same as `long`, with less certainty. */
export function repeated(counts: { readonly short: number; readonly long: number }): number {
  return counts[inject('scale')];
}
