/** A webhook payload that does not match GitHub's documentation. Names the field but never quotes its value. */
export class MalformedPayloadError extends Error {
  constructor(
    /** Path in the payload, such as `repository.full_name`. */
    readonly field: string,
    /** The expectation, such as `must be a string`. */
    readonly expectation: string,
  ) {
    super(`The payload is malformed: ${field} ${expectation}.`);
    this.name = 'MalformedPayloadError';
  }
}
