import type { HoldMap, IngressMap, IngressProbe, ProbeResult, VersionMap } from '@nexos/ingress';
import type { Fate, InMemoryEngine } from './in-memory-engine.js';

const ANSWERS: Record<Fate, ProbeResult> = {
  answers: { kind: 'answered', status: 200 },
  'answers 500': { kind: 'answered', status: 500 },
  'does not answer': { kind: 'refused' },
  exits: { kind: 'unresolved' },
  'has no image': { kind: 'unresolved' },
  'finds no node': { kind: 'unresolved' },
};

/** The map of host names, which tests read as `engine.routes`. */
export class FakeIngressMap implements Pick<IngressMap, 'set' | 'delete' | 'identity'> {
  constructor(private readonly engine: InMemoryEngine) {}

  set(host: string, target: string): Promise<void> {
    this.engine.changes.push(`route ${host}`);
    this.engine.routes.set(host, target);
    return Promise.resolve();
  }

  delete(host: string): Promise<void> {
    this.engine.routes.delete(host);
    return Promise.resolve();
  }

  identity(): Promise<string> {
    return Promise.resolve('one');
  }
}

/** The map of versions, which tests read as `engine.versions`. */
export class FakeVersionMap implements Pick<VersionMap, 'read' | 'set' | 'delete'> {
  constructor(private readonly engine: InMemoryEngine) {}

  read(): Promise<Map<string, string>> {
    return Promise.resolve(new Map(this.engine.versions));
  }

  set(key: string, value: string): Promise<void> {
    this.engine.changes.push(`version ${key}`);
    this.engine.versions.set(key, value);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.engine.versions.delete(key);
    return Promise.resolve();
  }
}

/** The pauses before restarts, which tests read as `engine.holds`. */
export class FakeHoldMap implements Pick<HoldMap, 'hold' | 'delete'> {
  constructor(private readonly engine: InMemoryEngine) {}

  hold(service: string, until: number): Promise<void> {
    this.engine.holds.set(service, until);
    return Promise.resolve();
  }

  delete(service: string): Promise<void> {
    this.engine.holds.delete(service);
    return Promise.resolve();
  }
}

/** Probes an app, which answers according to its fate. */
export class FakeIngressProbe implements Pick<IngressProbe, 'probe'> {
  constructor(private readonly engine: InMemoryEngine) {}

  probe({ service, signal }: Parameters<IngressProbe['probe']>[0]): Promise<ProbeResult> {
    signal?.throwIfAborted();
    const app = this.engine.apps.get(service);
    return Promise.resolve(app === undefined ? { kind: 'unresolved' } : ANSWERS[app.fate]);
  }
}
