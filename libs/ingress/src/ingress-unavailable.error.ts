/** The ingress did not answer or refused a command. Retry: nothing is known to have changed. */
export class IngressUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'IngressUnavailableError';
  }
}
