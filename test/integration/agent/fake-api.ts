import { createServer as createHttpServer, type Server } from 'node:http';
import { type AgentReport, type ContainerRun } from '@nexos/contracts';
import { eventually } from '../../support/eventually.js';

/** Keeps what is reported, or answers with an error. */
export class FakeApi {
  readonly reports: AgentReport[] = [];
  status = 204;
  private server: Server | undefined;

  constructor(private readonly path: string) {}

  async listen(): Promise<void> {
    const server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.status === 204)
          this.reports.push(JSON.parse(Buffer.concat(chunks).toString()) as AgentReport);
        response.writeHead(this.status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
    this.server = server;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Returns the newest facts of a deployment's container. */
  runOf(deploymentId: string): ContainerRun | undefined {
    return this.reports
      .flatMap(({ containers }) => containers)
      .findLast((run) => run.deploymentId === deploymentId);
  }

  until(deploymentId: string, matches: (run: ContainerRun) => boolean): Promise<ContainerRun> {
    return eventually(
      `a report of ${deploymentId}`,
      () => {
        const run = this.runOf(deploymentId);
        return Promise.resolve(run !== undefined && matches(run) ? run : undefined);
      },
      { deadlineMs: 15_000, everyMs: 20, seen: () => this.runOf(deploymentId) },
    );
  }
}
