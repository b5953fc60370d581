import { Injectable, RequestMethod, UseInterceptors } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AccessMetadata } from '../../auth/access.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

const METHOD_METADATA = 'method';

/**
 * Applies the interceptor to every authenticated POST route: none can be forgotten, and reads do not pay for it. Routes
 * are created after all providers, so the constructor runs early enough.
 */
@Injectable()
export class IdempotentRoutes {
  constructor(
    discovery: DiscoveryService,
    scanner: MetadataScanner,
    reflector: Reflector,
    interceptor: IdempotencyInterceptor,
  ) {
    for (const { metatype } of discovery.getControllers()) {
      const controller = metatype as new () => unknown;
      const prototype = controller.prototype as Record<string, () => unknown>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler === undefined || Reflect.getMetadata(METHOD_METADATA, handler) !== RequestMethod.POST)
          continue;
        if (reflector.getAllAndOverride(AccessMetadata, [handler, controller]) === 'public') continue;
        UseInterceptors(interceptor)(prototype, name, { value: handler });
      }
    }
  }
}
