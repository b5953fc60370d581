import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Mustache from 'mustache';
import * as guestbook from './guestbook.js';

const template = readFileSync(new URL('greeting.mustache', import.meta.url), 'utf8');
const { PORT = '3000', NEXOS_BRANCH = 'none', NEXOS_COMMIT = 'none' } = process.env;

async function answer({ method, url }) {
  const { pathname, searchParams } = new URL(url, 'http://app');
  if (pathname === '/guestbook') {
    if (method === 'POST') await guestbook.sign(searchParams.get('name') ?? 'somebody');
    return guestbook.read();
  }
  const facts = { branch: NEXOS_BRANCH, commit: NEXOS_COMMIT.slice(0, 7) };
  // The response is plain text, so HTML escaping is off.
  return Mustache.render(template, facts, {}, { escape: String });
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  try {
    response.end(await answer(request));
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end('Something went wrong.\n');
  }
});

server.listen(Number(PORT), '0.0.0.0', () => console.log(`listening on ${PORT}`));
process.on('SIGTERM', () => server.close(() => process.exit()));
