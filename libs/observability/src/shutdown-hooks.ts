import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

const HOOKS = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'] as const;

type Hook = (...args: unknown[]) => unknown;

/** Knows which shutdown hooks of the process are running, so that one that hangs can be named. */
@Injectable()
export class ShutdownHooks implements OnApplicationBootstrap {
  private readonly active = new Set<string>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** The classes and methods that have been called and have not ended. */
  get running(): readonly string[] {
    return [...this.active].sort();
  }

  /** Puts a method of the same name on each instance, in front of its own. */
  onApplicationBootstrap(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const instance = wrapper.instance as unknown;
      if (typeof instance !== 'object' || instance === null) continue;
      const provider = instance as Partial<Record<string, Hook>>;
      for (const name of HOOKS) {
        const hook = provider[name];
        if (typeof hook !== 'function' || Object.hasOwn(provider, name)) continue;
        const label = `${instance.constructor.name}.${name}`;
        provider[name] = (...args) => this.track(label, () => hook.apply(instance, args));
      }
    }
  }

  private async track(label: string, hook: () => unknown): Promise<void> {
    this.active.add(label);
    try {
      await hook();
    } finally {
      this.active.delete(label);
    }
  }
}
