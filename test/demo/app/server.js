import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Mustache from 'mustache';

const template = readFileSync(new URL('greeting.mustache', import.meta.url), 'utf8');
const { PORT = '3000', NEXOS_BRANCH = 'none', NEXOS_COMMIT = 'none' } = process.env;

const server = createServer((request, response) => {
  // The answer is plain text, so nothing is escaped for HTML.
  const text = Mustache.render(
    template,
    { branch: NEXOS_BRANCH, commit: NEXOS_COMMIT.slice(0, 7) },
    {},
    { escape: String },
  );
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(text);
});

server.listen(Number(PORT), '0.0.0.0', () => console.log(`listening on ${PORT}`));
process.on('SIGTERM', () => server.close());
