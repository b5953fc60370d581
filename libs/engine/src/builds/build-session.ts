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
 * Opens the connection on which BuildKit asks the client for registry credentials; without one it pulls from no
 * registry that hands out tokens, Docker Hub included. It answers that there are none, so pulls are anonymous.
 * BuildKit gives a session up unless it answers health checks, and dockerode's own neither does that nor is it
 * closed after a build that failed: hence this one.
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
  // The engine closes the connection in its own time; whether the build went well is said elsewhere.
  socket.on('error', () => undefined);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

/** Requests are not looked at and answers never change, so they need no schema. */
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
