import { packageFiles } from './package-files.js';
import { visit } from './visit.js';

const DOCKERFILE = `FROM nexos-local/node
WORKDIR /app
COPY . .
CMD ["node", "server.js"]
`;

/**
 * An app that uses every service it has variables for. `POST` with `{sql}`, `{redis}` (a command and its arguments) or
 * `{s3}` (an SDK command and its input without the bucket) answers the result; `GET` answers the version.
 */
const SERVER = `const { createServer } = require('node:http');
const { Pool } = require('pg');
const { Redis } = require('ioredis');
const { DATABASE_URL, REDIS_URL, PORT, S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5000 });
pool.on('error', (error) => console.error('idle connection:', error.message));
const redis = REDIS_URL && new Redis(REDIS_URL, { maxRetriesPerRequest: 3 });
redis?.on('error', (error) => console.error('redis:', error.message));

async function askS3(name, input) {
  const sdk = require('@aws-sdk/client-s3');
  const credentials = { accessKeyId: S3_ACCESS_KEY, secretAccessKey: S3_SECRET_KEY };
  const client = new sdk.S3Client({ endpoint: S3_ENDPOINT, region: S3_REGION, forcePathStyle: true, credentials });
  const { $metadata, Body, ...rest } = await client.send(new sdk[name + 'Command']({ Bucket: S3_BUCKET, ...input }));
  return Body === undefined ? rest : await Body.transformToString();
}

async function answer({ sql, redis: command, s3, url, env }) {
  if (sql !== undefined) return (await pool.query(sql)).rows;
  if (command !== undefined) return await redis.call(...command);
  if (s3 !== undefined) return await askS3(...s3).catch((error) => Promise.reject(new Error(error.name)));
  if (env !== undefined) return process.env[env] ?? null;
  if (url !== undefined) {
    const other = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5000 });
    try {
      return (await other.query('SELECT current_database() AS name')).rows;
    } finally {
      await other.end();
    }
  }
}

createServer((request, response) => {
  if (request.method === 'GET') return void response.end(require('./version.json').text);
  let body = '';
  request.on('data', (piece) => (body += piece));
  request.on('end', () => {
    answer(JSON.parse(body)).then(
      (value) => response.end(JSON.stringify({ value })),
      (error) => response.end(JSON.stringify({ error: error.message })),
    );
  });
}).listen(PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

/** A hook that prints its variables and records its name in the database. */
const HOOK = `const { Pool } = require('pg');
const [, , name] = process.argv;
console.log('hook', name, 'connects to', process.env.DATABASE_URL);
console.log('hook', name, 'signs with', process.env.S3_SECRET_KEY);
if (name === 'fails') {
  console.error('this migration cannot be done');
  process.exit(3);
}
const pool = new Pool({ connectionString: process.env.DATABASE_URL });
pool
  .query('CREATE TABLE IF NOT EXISTS hooks (id serial, name text)')
  .then(() => pool.query('INSERT INTO hooks (name) VALUES ($1)', [name]))
  .then(() => pool.end());
`;

/** Returns the files of the app. Commit them once; a later commit need only change `version.json`. */
export function statefulApp(text: string): Record<string, string> {
  return {
    Dockerfile: DOCKERFILE,
    'server.js': SERVER,
    'hook.js': HOOK,
    ...newVersion(text),
    ...packageFiles(['pg', 'ioredis', '@aws-sdk/client-s3']),
  };
}

export function newVersion(text: string): Record<string, string> {
  return { 'version.json': JSON.stringify({ text }) };
}

/** A request to the app. */
export type Question =
  | { sql: string }
  | { redis: string[] }
  | { s3: [command: string, input: Record<string, unknown>] }
  | { url: string }
  | { env: string };

/** Returns what the app of an environment answers from inside its container. */
export async function ask(
  { url }: { readonly url: string },
  question: Question,
): Promise<{ value?: unknown; error?: string }> {
  const { body, status } = await visit(url, { body: JSON.stringify(question) });
  if (status !== 200) throw new Error(`The app answered ${status}: ${body}`);
  return JSON.parse(body) as { value?: unknown; error?: string };
}
