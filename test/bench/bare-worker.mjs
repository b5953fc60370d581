// @ts-check
// The deliveries bench's baseline: a BullMQ worker whose jobs do nothing.
import { Worker } from 'bullmq';

const { REDIS_URL = '', REDIS_PREFIX = '', QUEUE = '', CONCURRENCY = '1' } = process.env;

const worker = new Worker(QUEUE, () => Promise.resolve(), {
  connection: { url: REDIS_URL },
  prefix: REDIS_PREFIX,
  concurrency: Number(CONCURRENCY),
});
worker.on('error', (error) => {
  throw error;
});
await worker.waitUntilReady();
process.send?.('ready');

process.once('SIGTERM', () => {
  void worker.close().then(() => process.exit(0));
});
