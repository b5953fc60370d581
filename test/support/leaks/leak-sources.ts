import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { Redis } from 'ioredis';
import type { NexosStack } from '../nexos/nexos-stack.js';
import { withoutVariables } from './leak-watch.js';

/** Returns every key of Redis with its value. */
export async function redisText(url: string): Promise<string> {
  const redis = new Redis(url);
  const found: string[] = [];
  try {
    for await (const keys of redis.scanStream({ count: 1_000 })) {
      for (const key of keys as string[]) found.push(key, JSON.stringify(await valueOf(redis, key)));
    }
  } finally {
    redis.disconnect();
  }
  return found.join('\n');
}

/** Reads a key; retries if its type has changed since it was read. */
async function valueOf(redis: Redis, key: string): Promise<unknown> {
  for (;;) {
    const type = await redis.type(key);
    try {
      return await valueOfType(redis, key, type);
    } catch (error) {
      if (!String(error).includes('WRONGTYPE')) throw error;
    }
  }
}

async function valueOfType(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      return null;
    default:
      throw new Error(`unknown Redis type ${type}`);
  }
}

/** Returns every row of every table. Archived logs are compressed here; the API returns them as text. */
export async function databaseText(nexos: NexosStack): Promise<string> {
  const tables = await nexos.column<string>(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
  const texts: string[] = [];
  for (const table of tables) texts.push(...(await nexos.column<string>(`SELECT t::text FROM "${table}" t`)));
  return texts.join('\n');
}

/** Starts copying every outbox row to a separate table. */
export async function recordOutbox(nexos: NexosStack): Promise<void> {
  await nexos.database.query(`
    CREATE TABLE outbox_seen (row text);
    CREATE FUNCTION see_outbox() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO outbox_seen VALUES (NEW::text); RETURN NEW; END $$;
    CREATE TRIGGER see_outbox AFTER INSERT OR UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION see_outbox();`);
}

/** Returns the configuration and history of every image of the installation. */
export async function imageText(nexos: NexosStack): Promise<string> {
  const docker = new Docker();
  const filters = JSON.stringify({ label: [`dev.nexos.instance=${nexos.instance}`] });
  const texts: string[] = [];
  for (const { Id } of await docker.listImages({ filters })) {
    const image = docker.getImage(Id);
    texts.push(JSON.stringify([await image.inspect(), await image.history()]));
  }
  return texts.join('\n');
}

/** Returns the names, labels and all other details of the installation's networks and volumes. */
export async function networkAndVolumeText(nexos: NexosStack): Promise<string> {
  const docker = new Docker();
  const filters = JSON.stringify({ label: [`dev.nexos.instance=${nexos.instance}`] });
  return withoutVariables([await docker.listNetworks({ filters }), await docker.listVolumes({ filters })]);
}

/** Returns the logs of the projects' Postgres and Redis servers. */
export async function serviceLogs(nexos: NexosStack): Promise<string> {
  const docker = new Docker();
  const containers = (
    await Promise.all(['postgres', 'redis'].map((kind) => nexos.containers(`dev.nexos.service=${kind}`)))
  ).flat();
  const logs = containers.map((id) => docker.getContainer(id).logs({ stdout: true, stderr: true }));
  return (await Promise.all(logs)).map(String).join('\n');
}

/** Returns the log of a Nexos app. */
export function processLog(nexos: Pick<NexosStack, 'instance'>, home: string, app: string): string {
  return readFileSync(join(home, 'test', nexos.instance, `${app}.log`), 'utf8');
}
