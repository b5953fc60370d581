import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import ssh2, { type ParsedKey } from 'ssh2';
import type { SessionMethod } from './session-methods.js';

/** https://github.com/moby/buildkit/blob/master/session/sshforward/ssh.proto */
const messages = protobuf.Root.fromJSON({
  nested: {
    CheckAgentRequest: { fields: { ID: { type: 'string', id: 1 } } },
    BytesMessage: { fields: { data: { type: 'bytes', id: 1 } } },
  },
});
const CheckAgentRequest = messages.lookupType('CheckAgentRequest');
const BytesMessage = messages.lookupType('BytesMessage');
const NOTHING = Buffer.alloc(0);
const DEFAULT_ID = 'default';
/** As OpenSSH's own agent: the library would wait for a message of any length, and keep what has come so far. */
const MAX_MESSAGE_BYTES = 256 * 1024;

type Call = grpc.ServerDuplexStream<Buffer, Buffer>;

/**
 * Serves SSH agents to `RUN --mount=type=ssh`. Each private key among the secrets is an agent whose id is that of the
 * secret; the only one is the default agent too. Steps can sign with a key, but not read it.
 *
 * @param onMissing called with the id of each agent that a step asked for in vain
 */
export function sshMethods(
  secrets: Readonly<Record<string, string>>,
  onMissing: (id: string) => void,
): SessionMethod[] {
  const keys = new Map(Object.entries(secrets).flatMap(([id, text]) => keyIn(id, text)));
  const [only, ...others] = keys.values();
  const keyOf = (id: string) => keys.get(id) ?? (id === DEFAULT_ID && others.length === 0 ? only : undefined);
  const check: grpc.handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const { ID: id } = CheckAgentRequest.decode(request) as unknown as { ID: string };
    if (keyOf(id || DEFAULT_ID) !== undefined) {
      callback(null, NOTHING);
      return;
    }
    onMissing(id || DEFAULT_ID);
    callback(Object.assign(new Error('no such key'), { code: grpc.status.NOT_FOUND }));
  };
  const forward = (call: Call) => {
    const [id = DEFAULT_ID] = call.metadata.get('buildkit.ssh.id').map(String);
    const key = keyOf(id || DEFAULT_ID);
    if (key !== undefined) serve(call, key);
    else call.end();
  };
  return [
    { path: '/moby.sshforward.v1.SSH/CheckAgent', handle: check },
    { path: '/moby.sshforward.v1.SSH/ForwardAgent', isStream: true, handle: forward },
  ];
}

/** Returns nothing for a text that is not an unencrypted private key. */
function keyIn(id: string, text: string): [string, ParsedKey][] {
  if (!text.includes('PRIVATE KEY')) return [];
  // A file in OpenSSH's format can have several.
  const [key] = [ssh2.utils.parseKey(text)].flat<(ParsedKey | Error)[]>();
  return key === undefined || key instanceof Error || !key.isPrivateKey() ? [] : [[id, key]];
}

function serve(call: Call, key: ParsedKey): void {
  const agent = new ssh2.AgentProtocol(false);
  let unanswered = 0;
  agent.on('identities', (request) => {
    unanswered = 0;
    agent.getIdentitiesReply(request, [key]);
  });
  agent.on('sign', (request, wanted, data, { hash }) => {
    unanswered = 0;
    const isOurs = Buffer.from(key.getPublicSSH()).equals(publicPartOf(wanted));
    const signature = isOurs ? key.sign(data, hash) : new Error('another key');
    if (signature instanceof Error) agent.failureReply(request);
    else agent.signReply(request, key.type.startsWith('ecdsa-') ? toSsh(signature) : signature);
  });
  agent.on('data', (data: Buffer) => {
    // A step that sends requests and reads no answers has to wait.
    if (!call.write(Buffer.from(BytesMessage.encode({ data }).finish()))) call.pause();
  });
  call.on('drain', () => call.resume());
  // A step that sends nonsense ends its own connection only.
  agent.on('error', () => call.end());
  call.on('error', () => agent.destroy());
  call.on('data', (message: Buffer) => {
    const { data } = BytesMessage.decode(message) as unknown as { data: Uint8Array };
    unanswered += data.length;
    if (unanswered <= MAX_MESSAGE_BYTES) {
      agent.write(Buffer.from(data));
    } else {
      agent.destroy();
      call.end();
    }
  });
  call.on('end', () => {
    agent.destroy();
    call.end();
  });
}

function publicPartOf(key: ParsedKey | Buffer | string): Buffer {
  return typeof key === 'object' && 'getPublicSSH' in key
    ? Buffer.from(key.getPublicSSH())
    : Buffer.from(key);
}

/** Converts an ECDSA signature from DER, SEQUENCE { r, s }, to two SSH integers (RFC 5656, section 3.1.2). */
function toSsh(der: Buffer): Buffer {
  const start = (der[1] ?? 0) > 0x80 ? 3 : 2;
  const length = der[start + 1] ?? 0;
  const r = der.subarray(start + 2, start + 2 + length);
  const s = der.subarray(start + 4 + length);
  return Buffer.concat([r, s].flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]));
}
