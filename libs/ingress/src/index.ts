export { AddressMap } from './address-map.js';
export { environmentUrl } from './environment-url.js';
export { HaproxyRuntime } from './haproxy-runtime.js';
export { HoldMap } from './hold-map.js';
export { IngressMap } from './ingress-map.js';
export { IngressModule } from './ingress.module.js';
export { IngressProbe, type ProbeRequest, type ProbeResult } from './ingress-probe.js';
export { IngressTunnel } from './ingress-tunnel.js';
export { IngressUsage, type HostUsage, type UsageReading } from './ingress-usage.js';
export { IngressUnavailableError } from './ingress-unavailable.error.js';
export { relayConfig } from './relay-config.js';
export {
  type Destination,
  hostReference,
  mapTarget,
  targetKey,
  versionKey,
  versionName,
} from './route-names.js';
export { VersionMap } from './version-map.js';
