import { randomUUID } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import type { EngineClient } from '../client/engine-client.js';
import type { SessionMethod } from './session-methods.js';

export interface BuildSession {
  readonly id: string;
  close(): void;
}

/**
 * Opens the connection on which BuildKit asks its client for secrets and registry credentials, so that both stay in this
 * process's memory. Without a session BuildKit cannot pull from registries that issue tokens, Docker Hub included.
 * dockerode's own session answers no health checks, and it is not closed after a failed build.
 *
 * https://github.com/moby/buildkit/blob/master/session/grpc.go
 */
export async function openBuildSession(
  client: EngineClient,
  methods: readonly SessionMethod[],
  abortSignal: AbortSignal,
): Promise<BuildSession> {
  const id = randomUUID();
  const socket = await client.hijack({
    method: 'POST',
    path: '/session',
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'nexos',
      // Unique, so that BuildKit never takes files of another build's context for those of this one.
      'X-Docker-Expose-Session-Sharedkey': id,
      'X-Docker-Expose-Session-Grpc-Method': methods.map(({ path }) => path),
    },
    abortSignal,
  });
  const server = new grpc.Server();
  for (const method of methods) {
    server.addService({ [method.path]: definition(method) }, { [method.path]: method.handle });
  }
  server.createConnectionInjector(grpc.ServerCredentials.createInsecure()).injectConnection(socket);
  // The engine may close the connection at any time; the build's own response reports the result.
  socket.on('error', () => undefined);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

/** Defines a method whose messages its handler encodes and decodes. */
function definition({ path, isStream = false }: SessionMethod): grpc.MethodDefinition<Buffer, Buffer> {
  const asIs = (bytes: Buffer) => bytes;
  return {
    path,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}
