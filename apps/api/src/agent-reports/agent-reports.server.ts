import { type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { AGENT_REPORTS_PATH, AGENT_REPORT_LIMITS, AGENT_SOCKET, type ContainerRun } from '@nexos/contracts';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { ContainerRunsRepository, type ReportedRun } from '@nexos/state';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SocketServer } from '../sockets/socket-server.js';
import { parseAgentReport } from './parse-agent-report.js';

/** Only its owner may connect: the agent runs as the same user. */
const SOCKET_MODE = 0o600;

/**
 * Receives the reports of agents, over a unix socket that only this user's processes can reach. Not part of the API.
 * Answers 204 once a report is stored, 400 or 413 to one that must not be sent again, and 503 to one that should be.
 */
@Injectable()
export class AgentReportsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AgentReportsServer.name);
  private readonly server: SocketServer;

  constructor(
    config: IngressConfig,
    private readonly runs: ContainerRunsRepository,
    private readonly sealer: Sealer,
  ) {
    this.server = new SocketServer(join(config.socketDir, AGENT_SOCKET), SOCKET_MODE, (request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        this.logger.error(`could not store a report: ${(error as Error).message}`);
        if (!response.headersSent) response.writeHead(503);
        response.end();
      });
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.server.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== AGENT_REPORTS_PATH) {
      request.resume();
      response.writeHead(404).end();
      return;
    }
    const text = await textOf(request);
    const report = text === null ? null : await parseAgentReport(text);
    if (report === null) {
      this.logger.warn(text === null ? 'refused a report that is too large' : 'refused a malformed report');
      response.writeHead(text === null ? 413 : 400, { connection: 'close' }).end();
      return;
    }
    await this.runs.record(
      report,
      report.containers.map((run) => this.sealed(run)),
    );
    response.writeHead(204).end();
  }

  /** Encrypts an app's output: it may contain secrets, which only a reader of the log removes. */
  private sealed(run: ContainerRun): ReportedRun {
    const lines = run.end?.lines ?? [];
    if (lines.length === 0) return { ...run, sealedLines: null };
    const sealedLines = this.sealer.seal(JSON.stringify(lines), sealIdentity.containerOutput(run.id));
    return { ...run, sealedLines };
  }
}

/** @returns null when the body is too large */
async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > AGENT_REPORT_LIMITS.bytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
