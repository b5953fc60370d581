import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Image } from '../images/images.js';
import type { ContainerSpec, Owner } from './container.js';
import { ownerLabels, secretPath, writeAtomically } from './home.js';
import { runCommand } from './run-command.mjs';

const CERTIFICATE = '/run/secrets/registry-tokens.crt';
const ANSWER_MS = 2_000;

/** The key that signs tokens for the registry. */
export interface RegistryKey {
  /** A file with the private key and the certificate, for the apps. */
  readonly pem: string;
  /** A file with the certificate alone, for the registry. */
  readonly certificate: string;
}

/** Returns the installation's key for registry tokens; the first call generates it. */
export async function registryKey(home: string): Promise<RegistryKey> {
  const folder = secretPath(home, 'registry');
  const files = { pem: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  if (existsSync(folder)) return files;
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { mode: 0o700 });
  const [key, certificate] = [join(temporary, 'private'), join(temporary, 'certificate.pem')];
  await runCommand('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=nexos', '-days', '36500', '-keyout', key, '-out', certificate],
  ]);
  const text = readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8');
  writeAtomically(join(temporary, 'key.pem'), text, 0o600);
  rmSync(key);
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(temporary, folder);
  return files;
}

/** Describes a registry that lets in only those with a token that Nexos signed. */
export function registry(
  { home, instance }: Owner,
  options: { readonly image: Image; readonly certificate: string; readonly port?: number },
): ContainerSpec {
  const { image, certificate, port } = options;
  return {
    name: `nexos-${instance}-registry`,
    title: 'The registry',
    image,
    network: { name: `nexos-${instance}-builds`, port: 5000 },
    ...(port === undefined ? {} : { port }),
    firstPort: 5_800,
    portName: 'registry',
    deadlineMs: 30_000,
    config: () => ({
      HostConfig: {
        CapDrop: ['ALL'],
        ReadonlyRootfs: true,
        Mounts: [
          { Type: 'bind', Source: certificate, Target: CERTIFICATE, ReadOnly: true },
          {
            Type: 'volume',
            Source: `nexos-${instance}-registry`,
            Target: '/var/lib/registry',
            VolumeOptions: {
              NoCopy: false,
              Labels: ownerLabels(home, instance),
              DriverConfig: { Name: 'local', Options: {} },
            },
          },
        ],
      },
    }),
    fingerprint: readFileSync(certificate, 'utf8'),
    answers: async (at) => {
      const url = `http://127.0.0.1:${at}/v2/`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.status === 401;
    },
  };
}
