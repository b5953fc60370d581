import { registryHost } from '@nexos/domain';
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import type { RegistryCredentials } from '../images/registry-credentials.js';

/** What BuildKit may ask its client for during a build. */
export interface SessionAnswers {
  /** Secrets of `RUN --mount=type=secret`, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly credentials: RegistryCredentials;
  /** Called with the id of each secret that a step asked for in vain. */
  readonly onMissingSecret: (id: string) => void;
}

/** A method of a service, with its handler. */
export interface SessionMethod {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly isStream?: boolean;
  readonly handle: grpc.UntypedHandleCall;
}

/**
 * The messages read and written here.
 * https://github.com/moby/buildkit/blob/master/session/secrets/secrets.proto and `session/auth/auth.proto`
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    GetSecretRequest: { fields: { ID: { type: 'string', id: 1 } } },
    GetSecretResponse: { fields: { data: { type: 'bytes', id: 1 } } },
    CredentialsRequest: { fields: { Host: { type: 'string', id: 1 } } },
    CredentialsResponse: {
      fields: { Username: { type: 'string', id: 1 }, Secret: { type: 'string', id: 2 } },
    },
  },
});
const GetSecretRequest = messages.lookupType('GetSecretRequest');
const GetSecretResponse = messages.lookupType('GetSecretResponse');
const CredentialsRequest = messages.lookupType('CredentialsRequest');
const CredentialsResponse = messages.lookupType('CredentialsResponse');

/** `HealthCheckResponse` with the status SERVING. */
const SERVING = Buffer.from([0x08, 0x01]);

/**
 * Lists the methods that BuildKit calls on its client. A session that fails health checks is dropped. Without credentials
 * for a registry, pulls from it are anonymous.
 */
export function sessionMethods(answers: SessionAnswers): SessionMethod[] {
  return [
    { path: '/grpc.health.v1.Health/Check', handle: unary(() => SERVING) },
    {
      path: '/moby.filesync.v1.Auth/Credentials',
      handle: unary((request) => {
        const { Host: host } = CredentialsRequest.decode(request) as unknown as { Host: string };
        const found = answers.credentials.get(registryHost(host));
        const response = found === undefined ? {} : { Username: found.user, Secret: found.password };
        return CredentialsResponse.encode(response).finish();
      }),
    },
    {
      path: '/moby.buildkit.secrets.v1.Secrets/GetSecret',
      handle: unary((request) => {
        const { ID: id } = GetSecretRequest.decode(request) as unknown as { ID: string };
        const secret = Object.hasOwn(answers.secrets, id) ? answers.secrets[id] : undefined;
        if (secret !== undefined) {
          return GetSecretResponse.encode({ data: Buffer.from(secret, 'utf8') }).finish();
        }
        answers.onMissingSecret(id);
        throw Object.assign(new Error('not found'), { code: grpc.status.NOT_FOUND });
      }),
    },
  ];
}

/** Returns a handler that answers one message with one message. */
function unary(answer: (request: Buffer) => Uint8Array): grpc.handleUnaryCall<Buffer, Buffer> {
  return ({ request }, callback) => {
    try {
      callback(null, Buffer.from(answer(request)));
    } catch (error) {
      callback(error as grpc.ServiceError);
    }
  };
}
