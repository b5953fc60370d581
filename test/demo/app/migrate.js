import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS guests (id serial PRIMARY KEY, name text NOT NULL)');
await client.end();
console.log('the guests table is ready');
