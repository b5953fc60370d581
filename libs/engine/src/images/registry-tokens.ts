import { createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from 'node:crypto';

/** As in `docker/images/registry/config.yaml`. */
const ISSUER = 'nexos';
const SERVICE = 'nexos-registry';
/** The clocks of this machine and of the registry may differ. */
const SKEW_SECONDS = 60;

/** What a token allows: these actions on one repository, and nothing else. */
export interface RegistryGrant {
  /** The path below the registry's host. */
  readonly repository: string;
  readonly actions: readonly ('pull' | 'push')[];
  readonly lifetimeSeconds: number;
}

/**
 * Signs tokens for a registry with `auth: token`. Engines get them ready-made, so neither they nor the registry have to
 * reach a token server.
 *
 * https://distribution.github.io/distribution/spec/auth/jwt/
 */
export class RegistryTokens {
  private constructor(
    private readonly key: KeyObject,
    /** DER in base64: the registry accepts keys whose certificate is in its `rootcertbundle`. */
    private readonly certificate: string,
  ) {}

  /**
   * @param pem a P-256 private key and its certificate
   * @param source begins the message of an error
   * @throws {Error} whose message does not quote the key
   */
  static fromPem(pem: string, source = 'the PEM'): RegistryTokens {
    let key: KeyObject;
    let certificate: X509Certificate;
    try {
      key = createPrivateKey(pem);
      certificate = new X509Certificate(pem);
    } catch {
      throw new Error(`${source} must contain a private key and its certificate, both as PEM`);
    }
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new Error(`${source} must contain a P-256 key`);
    if (!certificate.checkPrivateKey(key))
      throw new Error(`${source} must contain the certificate of its key`);
    return new RegistryTokens(key, certificate.raw.toString('base64'));
  }

  /** @param now milliseconds */
  sign({ repository, actions, lifetimeSeconds }: RegistryGrant, now = Date.now()): string {
    const seconds = Math.floor(now / 1000);
    const header = { typ: 'JWT', alg: 'ES256', x5c: [this.certificate] };
    const claims = {
      iss: ISSUER,
      sub: 'nexos',
      aud: SERVICE,
      iat: seconds,
      nbf: seconds - SKEW_SECONDS,
      exp: seconds + lifetimeSeconds,
      jti: randomUUID(),
      access: [{ type: 'repository', name: repository, actions }],
    };
    const text = [header, claims].map((part) => encode(JSON.stringify(part))).join('.');
    const signature = sign('sha256', Buffer.from(text), { key: this.key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
