import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AccessMetadata } from './access.decorator.js';

const METHOD_METADATA = 'method';

/** Stops the API from starting if a route does not declare who may call it. */
@Injectable()
export class RouteAccess implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const open = this.discovery.getControllers().flatMap((wrapper) => {
      const controller = wrapper.metatype as new () => unknown;
      return this.openRoutesOf(controller).map((method) => `${controller.name}.${method}`);
    });
    if (open.length > 0) throw new Error(`routes without @Public or @Authenticated: ${open.join(', ')}`);
  }

  private openRoutesOf(controller: new () => unknown): string[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner.getAllMethodNames(prototype).filter((name) => {
      const handler = prototype[name];
      if (handler === undefined || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return false;
      const access: string | undefined = this.reflector.getAllAndOverride(AccessMetadata, [
        handler,
        controller,
      ]);
      return access === undefined;
    });
  }
}
