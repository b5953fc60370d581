import { IngressConfig } from '@nexos/config';
import { Module, type DynamicModule } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressMap } from './ingress-map.js';
import { IngressProbe } from './ingress-probe.js';
import { IngressTunnel } from './ingress-tunnel.js';
import { IngressUsage } from './ingress-usage.js';

/** The client of one HAProxy. It keeps no connection open, so it needs no shutdown. */
@Module({})
export class IngressModule {
  static forRoot(config: IngressConfig): DynamicModule {
    return {
      module: IngressModule,
      providers: [
        { provide: IngressConfig, useValue: config },
        HaproxyRuntime,
        IngressMap,
        IngressProbe,
        IngressTunnel,
        IngressUsage,
      ],
      exports: [HaproxyRuntime, IngressMap, IngressProbe, IngressTunnel, IngressUsage],
    };
  }
}
