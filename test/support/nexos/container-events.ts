import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';

export interface ContainerEvent {
  readonly action: string;
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, string>>;
}

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly Attributes: Record<string, string> };
}

/** Subscribes to the engine's events about a container. */
export async function containerEvents(
  id: string,
): Promise<{ next(action: string): Promise<ContainerEvent>; end(): void }> {
  const filters = JSON.stringify({ container: [id] });
  const stream = (await new Docker().getEvents({ filters })) as Readable;
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return {
    async next(wanted) {
      for (;;) {
        const line = await lines.next();
        if (line.done === true) throw new Error(`the engine reported no ${wanted}`);
        const { Action: action, timeNano, Actor } = JSON.parse(line.value) as EngineEvent;
        if (action === wanted) return { action, atMs: timeNano / 1e6, attributes: Actor.Attributes };
      }
    },
    end: () => stream.destroy(),
  };
}
