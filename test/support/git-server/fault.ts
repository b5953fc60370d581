/** How a simulated remote misbehaves, until the fault is changed. */
export type Fault =
  /** Delays every response by this many milliseconds. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Responds to every request with this HTTP status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Closes the connection without an answer. */
  | { readonly kind: 'refuse' }
  /** Closes the connection after this many bytes of a pack. */
  | { readonly kind: 'cut-off'; readonly afterBytes: number }
  /** Redirects the first request to another origin, such as `http://127.0.0.2:8080`. */
  | { readonly kind: 'redirect'; readonly origin: string }
  /** Speaks git's original protocol and serves only the tips of refs. */
  | { readonly kind: 'tips-only' };
