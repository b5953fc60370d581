import { type IngressConfig } from '@nexos/config';

const OWN_PORT = { http: 80, https: 443 };

/** The address that a browser opens: `https?://{hostname}[:port]`, without a slash at the end. */
export function environmentUrl(
  config: Pick<IngressConfig, 'publicScheme' | 'publicPort'>,
  hostname: string,
): string {
  const { publicScheme, publicPort } = config;
  const plain = publicPort === undefined || publicPort === OWN_PORT[publicScheme];
  return `${publicScheme}://${hostname}${plain ? '' : `:${publicPort}`}`;
}
