// @ts-check
import { readlinkSync } from 'node:fs';
import { request } from 'node:http';

// Sends the pushed refs (https://git-scm.com/docs/githooks#post-receive) to the demo, and shows its reply to the
// person who pushed. A symbolic link beside this file points to the demo's socket.
const socketPath = readlinkSync(new URL('socket', import.meta.url));
const demo = request({ socketPath, method: 'POST' }, (answer) => answer.pipe(process.stdout));
demo.once('error', (error) => {
  process.stdout.write(`Could not reach the demo: ${error.message}\n`);
});
process.stdin.pipe(demo);
