/** A webhook payload that is not what GitHub documents. Names the field, and never its value. */
export class MalformedPayloadError extends Error {
  constructor(
    /** Where in the payload, as in `repository.full_name`. */
    readonly field: string,
    /** What was expected there, as in `must be a string`. */
    readonly expectation: string,
  ) {
    super(`The payload is malformed: ${field} ${expectation}.`);
    this.name = 'MalformedPayloadError';
  }
}
