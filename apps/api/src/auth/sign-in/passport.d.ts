/** Types for the part of passport that we use; it ships without types. */
declare module 'passport' {
  /** With the methods that passport adds to a strategy before it calls `authenticate`. */
  export class Strategy {
    name?: string;
    protected success(user: object): void;
    protected error(error: unknown): void;
  }
}
