// @ts-check
import { readlinkSync } from 'node:fs';
import { request } from 'node:http';

// Hands what was pushed (https://git-scm.com/docs/githooks#post-receive) to the demo, and shows its answer to
// whoever pushed. A link beside this file leads to the demo's socket.
const socketPath = readlinkSync(new URL('socket', import.meta.url));
const demo = request({ socketPath, method: 'POST' }, (answer) => answer.pipe(process.stdout));
demo.once('error', (error) => {
  process.stdout.write(`The demo does not listen: ${error.message}\n`);
});
process.stdin.pipe(demo);
