import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Fault } from './fault.js';
import { isolatedGitEnvironment } from './isolated-git.js';

const HEADER_END = '\r\n\r\n';

/** Serves one request with `git http-backend`, run as a CGI program (RFC 3875). */
export function serveWithGit(
  backend: { program: string; root: string },
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | null,
): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn(backend.program, [], {
    cwd: backend.root,
    // The response reports errors as well.
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...isolatedGitEnvironment(backend.root),
      GIT_PROJECT_ROOT: backend.root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'nexos',
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      ...protocolOf(request, fault),
    },
  });
  child.once('error', (error) => response.destroy(error));
  // The backend may answer before it has read the request.
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  response.once('close', () => child.kill());
  const limit = fault?.kind === 'cut-off' && request.method === 'POST' ? fault.afterBytes : Infinity;
  relay(child.stdout, response, limit);
}

function protocolOf(request: IncomingMessage, fault: Fault | null): Record<string, string> {
  if (fault?.kind !== 'tips-only')
    return { GIT_PROTOCOL: [request.headers['git-protocol']].flat().join(':') };
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'uploadpack.allowAnySHA1InWant',
    GIT_CONFIG_VALUE_0: 'false',
  };
}

/** Relays the program's output: header lines, an empty line and the body. */
function relay(output: Readable, response: ServerResponse, limit: number): void {
  let head: Buffer | null = Buffer.alloc(0);
  let sent = 0;
  output.on('data', (chunk: Buffer) => {
    let body = chunk;
    if (head !== null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEADER_END);
      if (end === -1) return;
      writeHead(head.subarray(0, end).toString(), response);
      body = head.subarray(end + HEADER_END.length);
      head = null;
    }
    const rest = limit - sent;
    sent += body.length;
    if (body.length <= rest) {
      if (!response.write(body)) pauseUntilDrained(output, response);
      return;
    }
    output.removeAllListeners('data');
    response.write(body.subarray(0, rest), () => response.destroy());
  });
  output.once('end', () => {
    if (sent <= limit) response.end();
  });
}

function pauseUntilDrained(output: Readable, response: ServerResponse): void {
  output.pause();
  response.once('drain', () => output.resume());
}

function writeHead(text: string, response: ServerResponse): void {
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
