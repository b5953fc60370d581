/** What a simulated remote does wrong, until it is told otherwise. */
export type Fault =
  /** Answers after a while. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Answers nothing but this HTTP status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Closes the connection without an answer. */
  | { readonly kind: 'refuse' }
  /** Closes the connection after so many bytes of a pack. */
  | { readonly kind: 'cut-off'; readonly afterBytes: number }
  /** Sends the first request to another address, such as `http://127.0.0.2:8080`. */
  | { readonly kind: 'redirect'; readonly origin: string }
  /** Speaks the first protocol and hands out the tips of refs only. */
  | { readonly kind: 'tips-only' };
