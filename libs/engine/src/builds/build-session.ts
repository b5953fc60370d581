import { randomUUID } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import type { EngineClient } from '../client/engine-client.js';

export interface BuildSession {
  readonly id: string;
  close(): void;
}

const SERVING = Buffer.from([0x08, 0x01]);
const NOTHING = Buffer.alloc(0);

/**
 * Opens the connection on which BuildKit asks the client for registry credentials. Without a session BuildKit
 * cannot pull from registries that issue tokens, Docker Hub included. This one replies with no credentials, so
 * pulls are anonymous. BuildKit drops a session that fails health checks. dockerode's own session does not answer
 * them, and it is not closed after a failed build.
 *
 * https://github.com/moby/buildkit/blob/master/session/grpc.go
 */
export async function openBuildSession(
  client: EngineClient,
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
      'X-Docker-Expose-Session-Grpc-Method': '/moby.filesync.v1.Auth/Credentials',
    },
    abortSignal,
  });
  const server = new grpc.Server();
  const health = method('/grpc.health.v1.Health/Check');
  const credentials = method('/moby.filesync.v1.Auth/Credentials');
  server.addService({ check: health }, { check: answer(SERVING) });
  server.addService({ credentials }, { credentials: answer(NOTHING) });
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

/** Defines a method without a schema: requests are ignored, and responses never change. */
function method(path: string): grpc.MethodDefinition<Buffer, Buffer> {
  const asIs = (bytes: Buffer) => bytes;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

function answer(bytes: Buffer): grpc.handleUnaryCall<Buffer, Buffer> {
  return (_, callback) => {
    callback(null, bytes);
  };
}
