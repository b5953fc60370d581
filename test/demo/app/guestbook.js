import { Redis } from 'ioredis';
import pg from 'pg';

const { DATABASE_URL, REDIS_URL } = process.env;
const database = new pg.Pool({ connectionString: DATABASE_URL, max: 2 });
const redis = new Redis(REDIS_URL);

// A pause or a reset breaks these connections; the next request reconnects.
database.on('error', ({ message }) => console.error(`Postgres: ${message}`));
redis.on('error', ({ message }) => console.error(`Redis: ${message}`));

/** Stores a guest in Postgres, and leaves the welcome to the worker. */
export async function sign(name) {
  await database.query('INSERT INTO guests (name) VALUES ($1)', [name]);
  await redis.rpush('guests', name);
}

/** Counts the visit in Redis and lists the guests. */
export async function read() {
  const visits = await redis.incr('visits');
  const { rows } = await database.query('SELECT name FROM guests ORDER BY id');
  const guests = rows.length === 0 ? 'nobody yet' : rows.map(({ name }) => name).join(', ');
  return `Guests: ${guests}. Visits: ${visits}.\n`;
}
