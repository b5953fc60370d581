/** The process's connection that fails fast while Redis is unreachable. */
export const FAST_REDIS = Symbol('fast redis');

/** The process's connection that waits for Redis to come back. */
export const PATIENT_REDIS = Symbol('patient redis');

/** The process's connection that subscribes to watched logs. */
export const LOG_SUBSCRIBER = Symbol('log subscriber');
