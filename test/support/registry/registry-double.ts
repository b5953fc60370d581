import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { waitingProgram } from './waiting-program.js';

/** How the registry answers a request: with a status, never, or as it should. */
export type RegistryAnswer = number | 'hang' | 'serve';

interface Blob {
  readonly type: string;
  readonly bytes: Buffer;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** A registry with one small image, `me/base:1`, that accepts pushes and can misbehave. */
export class RegistryDouble {
  /** Decides about each request; by default all are served. */
  answer: (request: IncomingMessage) => RegistryAnswer = () => 'serve';
  /** Credentials that it asks for; null: none. */
  login: { readonly user: string; readonly password: string } | null = null;
  readonly requests: string[] = [];
  private readonly blobs = new Map<string, Blob>();
  private readonly uploads = new Map<string, Buffer>();
  private readonly tags = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  static async start(): Promise<RegistryDouble> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const registry = new RegistryDouble(server, `127.0.0.1:${port}`);
    server.on('request', (request, response) => void registry.respond(request, response));
    await registry.addImage();
    return registry;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** The image that every registry has. */
  get image(): string {
    return `${this.host}/me/base:1`;
  }

  private async addImage(): Promise<void> {
    const pack = tar.pack();
    // A file of its own, so that no engine has the layer already.
    pack.entry({ name: 'id' }, randomUUID());
    pack.entry({ name: 'wait', mode: 0o755 }, waitingProgram());
    pack.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of pack) chunks.push(chunk as Buffer);
    const layer = Buffer.concat(chunks);
    const config = {
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/wait'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: this.add('application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(config))),
      layers: [this.add('application/vnd.docker.image.rootfs.diff.tar.gzip', gzipSync(layer))],
    };
    this.tags.set('me/base:1', this.add(MANIFEST, Buffer.from(JSON.stringify(manifest))).digest);
  }

  private add(mediaType: string, bytes: Buffer) {
    const digest = digestOf(bytes);
    this.blobs.set(digest, { type: mediaType, bytes });
    return { mediaType, digest, size: bytes.length };
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const answer = this.answer(request);
    if (answer === 'hang') return;
    if (answer !== 'serve') {
      const code = answer === 429 ? 'TOOMANYREQUESTS' : answer === 401 ? 'UNAUTHORIZED' : 'UNKNOWN';
      send(response, answer, JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
      return;
    }
    const wanted =
      this.login && `Basic ${Buffer.from(`${this.login.user}:${this.login.password}`).toString('base64')}`;
    if (wanted !== null && request.headers.authorization !== wanted) {
      send(response, 401, '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return;
    }
    this.serve(method, new URL(url, 'http://registry'), await bodyOf(request), response);
  }

  private serve(
    method: string,
    { pathname, searchParams }: URL,
    body: Buffer,
    response: ServerResponse,
  ): void {
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(pathname) ?? [];
    if (kind === 'blobs/uploads') {
      this.upload(
        method,
        `/v2/${name}/blobs/uploads/`,
        reference,
        searchParams.get('digest'),
        body,
        response,
      );
    } else if (kind === 'manifests' && method === 'PUT') {
      const { digest } = this.add(MANIFEST, body);
      this.tags.set(`${name}:${reference}`, digest);
      send(response, 201, '', { 'docker-content-digest': digest });
    } else if (kind !== '') {
      const digest = this.tags.get(`${name}:${reference}`) ?? reference;
      const found = this.blobs.get(digest);
      if (found === undefined)
        send(response, 404, '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}');
      else send(response, 200, found.bytes, { 'content-type': found.type, 'docker-content-digest': digest });
    } else {
      send(response, 200, '{}');
    }
  }

  private upload(
    method: string,
    path: string,
    id: string,
    digest: string | null,
    body: Buffer,
    response: ServerResponse,
  ): void {
    const upload = method === 'POST' ? randomUUID() : id;
    const bytes = Buffer.concat([this.uploads.get(upload) ?? Buffer.alloc(0), body]);
    this.uploads.set(upload, bytes);
    if (digest !== null) {
      this.add('application/octet-stream', bytes);
      send(response, 201, '', { 'docker-content-digest': digest });
    } else {
      const range = `0-${Math.max(bytes.length - 1, 0)}`;
      send(response, 202, '', { location: `${path}${upload}`, 'docker-upload-uuid': upload, range });
    }
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="registry"' } : {};
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'docker-distribution-api-version': 'registry/2.0',
    ...challenge,
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
