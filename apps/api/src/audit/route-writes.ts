import type { AuditAction } from '@nexos/domain';
import { Injectable, RequestMethod, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { WritesMetadata } from './writes.decorator.js';

const METHOD_METADATA = 'method';
/** Methods that are safe by definition (RFC 9110, section 9.2.1). */
const SAFE: readonly unknown[] = [RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS];

/**
 * Stops the API from starting if a route does not declare what it writes to the audit log. A route with an unsafe method
 * must declare an action itself: `@WritesNothing()` of its controller is not enough.
 */
@Injectable()
export class RouteWrites implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap((wrapper) => {
      const controller = wrapper.metatype as new () => unknown;
      return this.undeclaredRoutesOf(controller).map((method) => `${controller.name}.${method}`);
    });
    if (undeclared.length > 0) {
      throw new Error(
        `routes without @Writes, or @WritesNothing if they only read: ${undeclared.join(', ')}`,
      );
    }
  }

  private undeclaredRoutesOf(controller: new () => unknown): string[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner.getAllMethodNames(prototype).filter((name) => {
      const handler = prototype[name];
      if (handler === undefined) return false;
      const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
      if (method === undefined) return false;
      const own: readonly AuditAction[] | undefined = this.reflector.getAllAndOverride(WritesMetadata, [
        handler,
      ]);
      const inherited: readonly AuditAction[] | undefined = this.reflector.getAllAndOverride(WritesMetadata, [
        controller,
      ]);
      return SAFE.includes(method) ? (own ?? inherited) === undefined : (own ?? []).length === 0;
    });
  }
}
