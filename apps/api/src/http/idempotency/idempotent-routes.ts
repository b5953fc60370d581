import { Injectable, RequestMethod, UseInterceptors } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AccessMetadata } from '../../auth/access.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

const METHOD_METADATA = 'method';

/**
 * Puts the interceptor on every POST that needs a caller: none can be forgotten, and what is only read, which is
 * most, does not pay for it. Routes are made after all providers, which is why this is early enough.
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
