import protobuf from 'protobufjs/light.js';

/** Seconds and nanoseconds since 1970, as in google.protobuf.Timestamp. */
export interface BuildTime {
  readonly seconds: number;
  readonly nanos: number;
}

/** One step of a build, reported again whenever it changes. */
export interface BuildVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: BuildTime | null;
  readonly completed: BuildTime | null;
  /** Empty unless the step failed. */
  readonly error: string;
}

/** The progress of one item within a step, such as the pull of a layer. */
export interface BuildVertexStatus {
  readonly ID: string;
  readonly vertex: string;
  readonly current: number;
  readonly total: number;
  readonly started: BuildTime | null;
  readonly completed: BuildTime | null;
}

/** A piece of a step's output; it may end in the middle of a line or of a character. */
export interface BuildVertexLog {
  readonly vertex: string;
  readonly timestamp: BuildTime | null;
  /** 1 is stdout, 2 is stderr. */
  readonly stream: number;
  readonly msg: Uint8Array;
}

export interface BuildVertexWarning {
  readonly vertex: string;
  readonly short: Uint8Array;
}

export interface BuildStatus {
  readonly vertexes: readonly BuildVertex[];
  readonly statuses: readonly BuildVertexStatus[];
  readonly logs: readonly BuildVertexLog[];
  readonly warnings: readonly BuildVertexWarning[];
}

/**
 * The fields of StatusResponse read here.
 * https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
 */
const StatusResponse = protobuf.Root.fromJSON({
  nested: {
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        statuses: { rule: 'repeated', type: 'VertexStatus', id: 2 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
        warnings: { rule: 'repeated', type: 'VertexWarning', id: 4 },
      },
    },
    Vertex: {
      fields: {
        digest: { type: 'string', id: 1 },
        name: { type: 'string', id: 3 },
        cached: { type: 'bool', id: 4 },
        started: { type: 'Timestamp', id: 5 },
        completed: { type: 'Timestamp', id: 6 },
        error: { type: 'string', id: 7 },
      },
    },
    VertexStatus: {
      fields: {
        ID: { type: 'string', id: 1 },
        vertex: { type: 'string', id: 2 },
        current: { type: 'int64', id: 4 },
        total: { type: 'int64', id: 5 },
        started: { type: 'Timestamp', id: 7 },
        completed: { type: 'Timestamp', id: 8 },
      },
    },
    VertexLog: {
      fields: {
        vertex: { type: 'string', id: 1 },
        timestamp: { type: 'Timestamp', id: 2 },
        stream: { type: 'int64', id: 3 },
        msg: { type: 'bytes', id: 4 },
      },
    },
    VertexWarning: {
      fields: { vertex: { type: 'string', id: 1 }, short: { type: 'bytes', id: 3 } },
    },
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
  },
}).lookupType('StatusResponse');

/**
 * Decodes the payload of a `moby.buildkit.trace` message.
 *
 * @param base64 the message's `aux`
 * @throws {Error} when the payload is not a StatusResponse
 */
export function decodeBuildStatus(base64: string): BuildStatus {
  const message = StatusResponse.decode(Buffer.from(base64, 'base64'));
  return StatusResponse.toObject(message, { longs: Number, defaults: true }) as BuildStatus;
}
