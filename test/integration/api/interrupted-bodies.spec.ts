import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { NexosStack } from '../../support/nexos/nexos-stack.js';

const MIB = 1024 * 1024;
const ID = 'prj_00000000000000000000000000';

let nexos: NexosStack;
let pid: number | undefined;
beforeAll(async () => {
  // Not shared: it may end.
  nexos = await NexosStack.start(inject('system'), { apps: ['api'] });
  pid = nexos.app('api').pid;
});
afterAll(() => nexos.stop());

type Framing = 'content-length' | 'chunked';

interface Upload {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes that are announced. */
  readonly announced?: number;
  /** Bytes that are sent before the client disconnects. */
  readonly sent?: number;
  /** Whether the API responds before it has the whole body. */
  readonly isRefusedEarly?: boolean;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const WEBHOOK = '/api/webhooks/github';
const UPLOADS: Record<string, Upload> = {
  'a webhook': { path: WEBHOOK, headers: JSON_TYPE },
  'the webhook of an unknown project': { path: `${WEBHOOK}/${ID}`, headers: JSON_TYPE },
  'a webhook without a content type': { path: WEBHOOK, isRefusedEarly: true },
  'a webhook of an unsupported type': {
    path: WEBHOOK,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    isRefusedEarly: true,
  },
  'a webhook of an invalid type': {
    path: WEBHOOK,
    headers: { 'content-type': 'nonsense' },
    isRefusedEarly: true,
  },
  'a webhook of text': { path: WEBHOOK, headers: { 'content-type': 'text/plain' }, isRefusedEarly: true },
  'a webhook that is too large': {
    path: WEBHOOK,
    headers: JSON_TYPE,
    announced: 40 * MIB,
    sent: 26 * MIB,
    isRefusedEarly: true,
  },
  'JSON without a key': { path: '/api/projects', headers: JSON_TYPE },
  'JSON that is too large': {
    path: '/api/projects',
    headers: JSON_TYPE,
    announced: 4 * MIB,
    sent: 2 * MIB,
    isRefusedEarly: true,
  },
  'variables as text': {
    path: `/api/projects/${ID}/env-vars`,
    method: 'PUT',
    headers: { 'content-type': 'text/plain' },
  },
  'a body for no route': { path: '/api/nowhere', headers: JSON_TYPE },
  'a stream of events with a body': {
    path: '/api/events',
    method: 'GET',
    headers: { ...JSON_TYPE, accept: 'text/event-stream' },
  },
};

/** Sends the start of an upload, and no end. @param before requests that are sent before it */
async function start(upload: Upload, framing: Framing, before = ''): Promise<Socket> {
  const { path, method = 'POST', headers = {}, announced = 2 * MIB, sent = 64 * 1024 } = upload;
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const socket = connect(Number(port), hostname);
  // The API may close the connection first.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const framed = framing === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${announced}`;
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${before}${method} ${path} HTTP/1.1\r\n${[...lines, framed].join('\r\n')}\r\n\r\n`);
  if (framing === 'chunked') socket.write(`${announced.toString(16)}\r\n`);
  await new Promise<void>((resolve) => socket.write(Buffer.alloc(sent, 'x'), () => resolve()));
  return socket;
}

/** Waits for the first bytes of a response, or the end of the connection. */
function responded(socket: Socket): Promise<unknown> {
  return Promise.race([once(socket, 'data'), once(socket, 'close')]);
}

async function expectTheSameProcess(): Promise<void> {
  const response = await fetch(`${nexos.api.baseUrl}/health/live`);
  expect(response.status).toBe(200);
  expect({ pid: nexos.app('api').pid, hasExited: nexos.app('api').hasExited }).toEqual({
    pid,
    hasExited: false,
  });
}

const CASES = Object.entries(UPLOADS).flatMap(([name, upload]) =>
  (['content-length', 'chunked'] as const).map((framing) => ({ name, framing, upload })),
);

it.each(CASES)(
  'the API survives a client that resets its connection during $name ($framing)',
  async ({ framing, upload }) => {
    const early = await Promise.all(Array.from({ length: 3 }, () => start(upload, framing)));
    for (const socket of early) socket.resetAndDestroy();
    if (upload.isRefusedEarly === true) {
      const socket = await start(upload, framing);
      await responded(socket);
      socket.resetAndDestroy();
      const again = await start(upload, framing);
      await responded(again);
      again.write(Buffer.alloc(64 * 1024, 'x'));
      again.end();
      again.destroy();
    }
    await expectTheSameProcess();
  },
);

it('the API survives clients that reset their connections before the response to a refused upload is sent', async () => {
  // The response waits for that of the request before it, which waits for Postgres.
  const before = `GET /api/projects HTTP/1.1\r\nhost: x\r\nauthorization: ${nexos.api.authorization}\r\n\r\n`;
  await nexos.database.query('BEGIN; LOCK TABLE projects');
  try {
    const refused = CASES.filter(
      ({ upload: { isRefusedEarly, sent } }) => isRefusedEarly === true && sent === undefined,
    );
    const sockets = await Promise.all(refused.map(({ upload, framing }) => start(upload, framing, before)));
    // The API has received the uploads when it answers a later request.
    await expectTheSameProcess();
    for (const socket of sockets) socket.resetAndDestroy();
    await expectTheSameProcess();
  } finally {
    await nexos.database.query('ROLLBACK');
  }
  await expectTheSameProcess();
});

it('the API survives clients that reset their connections when too many bytes are unverified', async () => {
  const upload = { path: WEBHOOK, headers: JSON_TYPE, announced: 25 * MIB, sent: 24 * MIB };
  const sockets = await Promise.all(Array.from({ length: 5 }, () => start(upload, 'content-length')));
  for (const socket of sockets) socket.resetAndDestroy();
  await expectTheSameProcess();
});

it('refused uploads leave room for the bodies of others', async () => {
  const upload = { path: WEBHOOK, headers: { 'content-type': 'text/plain' }, sent: 1024 };
  for (let n = 0; n < 20; n++) {
    const socket = await start(upload, 'content-length');
    await responded(socket);
    socket.resetAndDestroy();
  }
  expect((await nexos.webhooks.send('ping', { zen: 'x'.repeat(20 * MIB) })).status).toBe(202);
});
