const LOOPBACK =
  /^(localhost|127(\.\d{1,3}){3}|\[?(::1|::ffff:127(\.\d{1,3}){3}|0:0:0:0:0:0:0:1)\]?)(:\d+)?$/i;

/**
 * Reports whether an address, with or without a port, is one that only its own machine can reach (RFC 1122, section
 * 3.2.1.3; RFC 4291, section 2.5.3).
 */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}
