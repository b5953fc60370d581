import type { Duplex, Readable } from 'node:stream';
import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import Docker from 'dockerode';
import type DockerModem from 'docker-modem';
import { EngineUnavailableError, mapEngineError } from './engine-errors.js';
import { engineConnection } from './engine-connection.js';
import type { Guard } from './guard.js';
import { RegistryAccess, type RegistryAuth } from '../images/registry-access.js';
import { RegistryTokens } from '../images/registry-tokens.js';

/** How long one response may take, in milliseconds. */
const DEADLINE_MS = 30_000;
/** How long a connection may stay idle before it is closed, whether or not a caller still waits for it. */
const SILENCE_MS = 90_000;

export type Operation<T> = (docker: Docker) => Promise<T>;

/** Calls the container engine: every call has a deadline, and every error is an `EngineError`. */
@Injectable()
export class EngineClient {
  readonly instance: string;
  readonly registry: string | undefined;
  readonly access: RegistryAccess;
  private readonly docker: Docker;
  private readonly streams: Docker;

  constructor(config: EngineConfig) {
    this.instance = config.instance;
    this.registry = config.registry;
    this.access = registryAccess(config);
    const connection = engineConnection(config.dockerHost);
    this.docker = new Docker({ ...connection, timeout: SILENCE_MS });
    this.streams = new Docker(connection);
  }

  /** Runs one operation on the engine within the deadline. */
  async call<T>(operation: Operation<T>, deadlineMs = DEADLINE_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new EngineUnavailableError(`The container engine did not answer within ${deadlineMs} ms.`));
      }, deadlineMs);
    });
    try {
      return await Promise.race([operation(this.docker), deadline]);
    } catch (error) {
      throw mapEngineError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs an operation that changes the engine, once the guard allows it. Rethrows the guard's errors unchanged. */
  async change<T>(guard: Guard, operation: Operation<T>, deadlineMs?: number): Promise<T> {
    await guard();
    return this.call(operation, deadlineMs);
  }

  /** Opens a streamed response, which may be idle for long. The signal ends both request and response. */
  async open(request: StreamRequest): Promise<Readable> {
    return (await this.dial({ ...request, isStream: true })) as Readable;
  }

  /** Upgrades a request's connection to a two-way stream (HTTP Upgrade). */
  async hijack(request: StreamRequest): Promise<Duplex> {
    return (await this.dial({ ...request, hijack: true })) as Duplex;
  }

  private dial(request: DockerModem.DialOptions): Promise<unknown> {
    const statusCodes = { 200: true, 101: true };
    return new Promise((resolve, reject) => {
      const modem = this.streams.modem;
      modem.dial({ statusCodes, ...request }, (error, result) => {
        if (error === null) resolve(result);
        else reject(mapEngineError(error));
      });
    });
  }
}

export interface StreamRequest {
  readonly method: 'GET' | 'POST';
  /** Must end in `?` when there is a query. */
  readonly path: string;
  readonly options?: Record<string, unknown>;
  readonly headers?: Record<string, string | string[]>;
  readonly file?: Readable;
  readonly authconfig?: RegistryAuth;
  readonly abortSignal: AbortSignal;
}

function registryAccess(config: EngineConfig): RegistryAccess {
  const pem = config.registryTokenPem();
  return new RegistryAccess({
    instance: config.instance,
    registry: config.registry,
    credentials: config.registryLogins(),
    tokens: pem === null ? null : RegistryTokens.fromPem(pem, 'REGISTRY_TOKEN_PEM_FILE'),
  });
}
