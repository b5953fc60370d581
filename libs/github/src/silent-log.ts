const nothing = () => undefined;

/** A log for clients whose errors are thrown, and logged by the caller. */
export const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
