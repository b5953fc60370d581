import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ObservabilityConfig } from '@nexos/config';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

/** A worker's only HTTP server: `/health/live`, `/health/ready` and `/metrics`, by default on loopback. */
@Injectable()
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HealthServer.name);
  private server: Server | undefined;

  constructor(
    private readonly config: ObservabilityConfig,
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.healthPort === undefined) return;
    const server = createServer((request, response) => {
      this.answer(request.url ?? '/', response).catch((error: unknown) => {
        this.logger.error(error);
        response.writeHead(500).end();
      });
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.config.healthPort, this.config.healthHost, resolve);
    });
    this.logger.log(`health server listening on port ${(server.address() as AddressInfo).port}`);
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer(url: string, response: ServerResponse): Promise<void> {
    if (url === '/health/live') {
      send(response, 200, 'application/json', '{"status":"ok"}');
      return;
    }
    if (url === '/health/ready') {
      const report = await this.health.report();
      send(response, report.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(report));
      return;
    }
    if (url === '/metrics') {
      send(response, 200, this.metrics.contentType, await this.metrics.text());
      return;
    }
    send(response, 404, 'text/plain', 'not found\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
