import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import type { EnvironmentStatus } from '@nexos/domain';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { explain, toHtml } from './environment-page.js';

/**
 * Answers what the ingress has no route for, over a unix socket that only the ingress can reach. It is no
 * part of the API: whatever the path, the answer is an explanation.
 */
@Injectable()
export class IngressFallbackServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IngressFallbackServer.name);
  private server: Server | undefined;

  constructor(
    private readonly config: IngressConfig,
    private readonly dataSource: DataSource,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const path = join(this.config.socketDir, 'fallback.sock');
    // Renamed into place: another replica that ends later takes away its own name, and not this one.
    const own = `${path}.${process.pid}`;
    await mkdir(this.config.socketDir, { recursive: true });
    await rm(own, { force: true });
    const server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        this.logger.error(error);
        response.writeHead(503).end();
      });
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(own, resolve));
    await chmod(own, 0o666);
    await rename(own, path);
    this.server = server;
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const explanation = explain(await this.statusBehind(request.headers.host ?? ''));
    const html = request.headers.accept?.includes('text/html') === true;
    response.writeHead(explanation.status, {
      'content-type': html ? 'text/html; charset=utf-8' : 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...(explanation.status === 503 ? { 'retry-after': '5' } : {}),
    });
    const { status, title, detail } = explanation;
    response.end(html ? toHtml(explanation) : JSON.stringify({ type: 'about:blank', title, status, detail }));
  }

  private async statusBehind(host: string): Promise<EnvironmentStatus | null> {
    const hostname = host.replace(/:\d+$/, '').toLowerCase();
    const [row] = await this.dataSource.query<{ status: EnvironmentStatus }[]>(
      `SELECT environments.status FROM hostnames
       JOIN environments ON environments.id = hostnames.environment_id WHERE hostnames.hostname = $1`,
      [hostname],
    );
    return row?.status ?? null;
  }
}
