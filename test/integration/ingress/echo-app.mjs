// The app behind the ingress in these tests: it echoes its version and the request, and misbehaves on demand.
// It is passed on the command line of a container (`node --input-type=module -e`), so it needs no image.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const { VERSION = '', PORT = '3000' } = process.env;
let listeningSince = 0;

const server = createServer((request, response) => {
  const { method, url = '/', headers, rawHeaders } = request;
  if (url === '/exit') process.exit(1);
  if (url === '/hang') return;
  if (url === '/close') {
    request.socket.destroy();
    return;
  }
  const [, silence, ms] = /^\/(late|pause|unread)\/(\d+)$/.exec(url) ?? [];
  if (silence === 'pause') response.write('begun, ');
  if (silence === 'late' || silence === 'pause') {
    request.resume().once('end', () => setTimeout(() => response.end('done'), Number(ms)));
    return;
  }
  if (silence === 'unread') {
    setTimeout(() => request.resume().once('end', () => response.end('done')), Number(ms));
    return;
  }
  response.statusCode = Number(/^\/status\/(\d{3})$/.exec(url)?.[1] ?? 200);
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-nexos-probe', 'unresolved');
  response.setHeader('x-nexos-relay', 'timeout');
  response.end(JSON.stringify({ version: VERSION, method, url, headers, rawHeaders, listeningSince }));
});

server.on('upgrade', ({ headers }, socket) => {
  // RFC 6455, section 4.2.2: the proxy checks it.
  const key = `${headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => socket.destroy());
  socket.pipe(socket);
});

process.on('SIGTERM', () => process.exit(0));
server.listen(Number(PORT), '0.0.0.0', () => (listeningSince = Date.now()));
