import { BuilderConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

interface WaitingImage {
  readonly deploymentId: string;
  readonly begin: () => void;
}

/**
 * Limits the images that this process builds at once. A free slot goes to the deployment that holds the fewest, among those to
 * the first that asked. The process runs no more deployments than it has slots, so each gets its first slot after one image of
 * another at most, however many images those have.
 */
@Injectable()
export class BuildSlots {
  private free: number;
  private readonly waiting: WaitingImage[] = [];
  /** The slots that deployments hold; none that holds no slot. */
  private readonly held = new Map<string, number>();

  constructor({ concurrency }: BuilderConfig) {
    this.free = concurrency;
  }

  /** @throws the signal's reason, once it is aborted */
  async run<T>(deploymentId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.take(deploymentId, signal);
    try {
      // It may have been aborted in the moment in which it got its slot.
      signal.throwIfAborted();
      return await work();
    } finally {
      this.release(deploymentId);
    }
  }

  private async take(deploymentId: string, signal: AbortSignal): Promise<void> {
    if (this.free > 0) {
      this.free--;
      this.hold(deploymentId, 1);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(image), 1);
        reject(signal.reason as Error);
      };
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const image = { deploymentId, begin };
      this.waiting.push(image);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the slot over to the next image, if one waits. */
  private release(deploymentId: string): void {
    this.hold(deploymentId, -1);
    const next = this.takeNext();
    if (next === undefined) {
      this.free++;
      return;
    }
    this.hold(next.deploymentId, 1);
    next.begin();
  }

  private takeNext(): WaitingImage | undefined {
    const [first, ...others] = this.waiting;
    if (first === undefined) return undefined;
    const heldBy = (image: WaitingImage) => this.held.get(image.deploymentId) ?? 0;
    const next = others.reduce((best, image) => (heldBy(image) < heldBy(best) ? image : best), first);
    this.waiting.splice(this.waiting.indexOf(next), 1);
    return next;
  }

  private hold(deploymentId: string, change: 1 | -1): void {
    const slots = (this.held.get(deploymentId) ?? 0) + change;
    if (slots === 0) this.held.delete(deploymentId);
    else this.held.set(deploymentId, slots);
  }
}
