/** The ingress did not answer, or did not carry out what it was asked: try again, nothing is known to have changed. */
export class IngressUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'IngressUnavailableError';
  }
}
