/** The process's connection that fails at once while Redis is away. */
export const FAST_REDIS = Symbol('fast redis');

/** The process's connection that waits for Redis to come back. */
export const PATIENT_REDIS = Symbol('patient redis');

/** The process's connection that is subscribed to the logs somebody watches. */
export const LOG_SUBSCRIBER = Symbol('log subscriber');
