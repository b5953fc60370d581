/** The part of passport that is used here; it comes without types. */
declare module 'passport' {
  /** What passport adds to a strategy before it calls `authenticate`. */
  export class Strategy {
    name?: string;
    protected success(user: object): void;
    protected error(error: unknown): void;
  }
}
