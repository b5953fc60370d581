import { IngressConfig } from '@nexos/config';
import { Module, type DynamicModule } from '@nestjs/common';
import { AddressMap } from './address-map.js';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { HoldMap } from './hold-map.js';
import { IngressMap } from './ingress-map.js';
import { IngressProbe } from './ingress-probe.js';
import { IngressTunnel } from './ingress-tunnel.js';
import { IngressUsage } from './ingress-usage.js';
import { VersionMap } from './version-map.js';

/** The client of one HAProxy. It keeps no connection open, so it needs no shutdown. */
@Module({})
export class IngressModule {
  static forRoot(config: IngressConfig): DynamicModule {
    return {
      module: IngressModule,
      providers: [
        { provide: IngressConfig, useValue: config },
        AddressMap,
        HaproxyRuntime,
        HoldMap,
        IngressMap,
        IngressProbe,
        IngressTunnel,
        IngressUsage,
        VersionMap,
      ],
      exports: [
        AddressMap,
        HaproxyRuntime,
        HoldMap,
        IngressMap,
        IngressProbe,
        IngressTunnel,
        IngressUsage,
        VersionMap,
      ],
    };
  }
}
