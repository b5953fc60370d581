import { SERVICE_KINDS } from '../settings/service-kind.js';

/** The name of the container that `app` describes. */
export const APP_CONTAINER = 'app';
/** Names that mean something else on an environment's networks. */
export const RESERVED_CONTAINERS: readonly string[] = [APP_CONTAINER, ...SERVICE_KINDS, 'localhost'];
/** A host name of one label that begins with a letter. */
export const CONTAINER_NAME = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
export const CONTAINER_NAME_RULE =
  'must have 1 to 32 of a-z, 0-9 and inner -, and begin with a letter, such as worker';
/** The most containers of an environment beside the app. */
export const MAX_CONTAINERS = 15;
