// @ts-check
import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

/**
 * The baseline: Fastify and pg, doing only a read by primary key, or a signature check and one insert. Configured by
 * the environment variables DATABASE_URL, SECRET, PORT and POOL_SIZE.
 */
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['POOL_SIZE']),
});
const secret = process.env['SECRET'] ?? '';
const app = Fastify();

app.get('/deployments/:id', async (request) => {
  const { id } = /** @type {{ id: string }} */ (request.params);
  const { rows } = await pool.query({
    name: 'deployment',
    text: 'SELECT * FROM deployments WHERE id = $1',
    values: [id],
  });
  return rows[0];
});

app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
app.post('/webhook', { bodyLimit: 25 * 1024 * 1024 }, async (request, reply) => {
  const body = /** @type {Buffer} */ (request.body);
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send();
  const payload = JSON.parse(body.toString());
  await pool.query({
    name: 'delivery',
    text: `INSERT INTO bench_deliveries (id, repository, branch, sha) VALUES ($1, $2, $3, $4)`,
    values: [
      request.headers['x-github-delivery'],
      payload.repository.full_name,
      payload.ref.slice('refs/heads/'.length),
      payload.after,
    ],
  });
  return reply.code(202).send({ accepted: true });
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.send?.('listening');
