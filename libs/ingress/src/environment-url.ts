import { type IngressConfig } from '@nexos/config';

const DEFAULT_PORT = { http: 80, https: 443 };

/** Returns the address that a browser opens: `https?://{hostname}[:port]`, without a trailing slash. */
export function environmentUrl(
  config: Pick<IngressConfig, 'publicScheme' | 'publicPort'>,
  hostname: string,
): string {
  const { publicScheme, publicPort } = config;
  const plain = publicPort === undefined || publicPort === DEFAULT_PORT[publicScheme];
  return `${publicScheme}://${hostname}${plain ? '' : `:${publicPort}`}`;
}
