// @ts-check
// Checks the version of Node.js, then runs a command: node docker/local/bootstrap.mjs COMMAND. An old Node.js must be able
// to parse this file, so it uses no newer syntax and imports everything else afterwards.
const version = process.versions.node;
const [major = 0, minor = 0] = version.split('.').map(Number);
const advice = 'Install Node.js 22 or 24 from https://nodejs.org.';

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Nexos needs Node.js 20.19 or newer, but this is ${version}. ${advice}\n`);
  process.exit(1);
}
if (major === 20) process.stderr.write(`Node.js 20 has reached end of life and gets no fixes. ${advice}\n`);
import('./run.mjs').then(({ run }) => run(process.argv.slice(2)));
