import { FastifyAdapter } from '@nestjs/platform-fastify';
import { drain } from '../sockets/drain.js';

/** How long running requests may take on shutdown. */
const DRAIN_MS = 10_000;

/**
 * Lets running requests finish on shutdown. New connections are refused at once. Open ones end with the response to their
 * request, among them those of streams and of requests that wait, which shutdown hooks end meanwhile.
 */
export class DrainingAdapter extends FastifyAdapter {
  private drained: Promise<void> | undefined;

  override async init(): Promise<void> {
    await super.init();
    this.getInstance().addHook('onSend', (_request, reply, payload, done) => {
      if (this.drained !== undefined) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Nest calls this before the first shutdown hook. */
  override beforeClose(): void {
    super.beforeClose();
    this.drained ??= drain(this.getHttpServer(), DRAIN_MS);
  }

  /** Nest calls this after `beforeApplicationShutdown`, and before the connections to the stores close. */
  override async close(): Promise<void> {
    await this.drained;
    await super.close();
  }
}
