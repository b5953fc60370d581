export { createNexosClient, type NexosClient, type NexosClientOptions } from './nexos-client.js';
export type { components, operations, paths } from './schema.generated.js';
