import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `long` in `npm run test:scale`, `short` in every other run. */
    scale: 'short' | 'long';
  }
}

/** Returns how often to repeat something: `short` checks the same as `long`, with less certainty. */
export function byScale(counts: { readonly short: number; readonly long: number }): number {
  return counts[inject('scale')];
}
