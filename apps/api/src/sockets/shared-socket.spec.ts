import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SharedSocket } from './shared-socket.js';

let folder: string;
let path: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexos-socket-'));
  path = join(folder, 'shared.sock');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map(stop));
  rmSync(folder, { recursive: true });
});

async function listen(socket: SharedSocket, name: string): Promise<Server> {
  const server = createServer((_, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(socket.own, resolve));
  servers.push(server);
  return server;
}
const stop = (server: Server) => new Promise((resolve) => server.close(resolve));
const respondingServer = () =>
  new Promise<string>((resolve, reject) => {
    const asked = request({ socketPath: path, agent: false }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    });
    asked.once('error', reject).end();
  });

it('the shared socket leads to the process that took it last, and to another one after that has stopped', async () => {
  const [first, second] = [new SharedSocket(path), new SharedSocket(path)];
  await listen(first, 'first');
  await first.take();
  expect(await respondingServer()).toBe('first');
  const ending = await listen(second, 'second');
  await second.take();
  await first.takeIfDead();
  expect(await respondingServer()).toBe('second');
  await stop(ending);
  await first.takeIfDead();
  expect(await respondingServer()).toBe('first');
  await first.take();
  expect(await respondingServer()).toBe('first');
});

it('removes the sockets of killed processes and keeps those in use', async () => {
  const [alive, dead] = [new SharedSocket(path), new SharedSocket(path)];
  await listen(alive, 'alive');
  const server = await listen(dead, 'dead');
  // A killed process leaves its socket behind; an orderly shutdown removes it.
  await dead.take();
  const left = new SharedSocket(dead.own);
  await stop(server);
  await left.removeStale();
  await new SharedSocket(path).removeStale();
  expect(readdirSync(folder).sort()).toEqual([basename(path), basename(alive.own)].sort());
});
