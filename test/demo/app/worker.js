import { Redis } from 'ioredis';

const WAIT_SECONDS = 1;
const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
redis.on('error', ({ message }) => console.error(`Redis: ${message}`));

let running = true;
process.on('SIGTERM', () => (running = false));

console.log('waiting for guests');
while (running) {
  const next = await redis.blpop('guests', WAIT_SECONDS);
  if (next !== null) console.log(`Welcome, ${next[1]}!`);
}
await redis.quit();
