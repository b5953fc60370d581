import { BUILD_LIMITS_LABEL, Engine, EngineError } from '@nexos/engine';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

/** A hanging engine must not delay the start for long. */
const DEADLINE_MS = 3_000;
const SEE = 'See docs/operating/builds.md.';

/** Warns once, at start-up, about an engine that does not isolate builds. */
@Injectable()
export class BuildIsolation implements OnApplicationBootstrap {
  private readonly logger = new Logger(BuildIsolation.name);

  constructor(private readonly engine: Engine) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      const [{ labels }, isShared] = await Promise.all([
        this.engine.info(DEADLINE_MS),
        this.engine.sharesDefaultBridge(DEADLINE_MS),
      ]);
      if (!labels.some((label) => label.startsWith(`${BUILD_LIMITS_LABEL}=`))) {
        this.logger.warn(`builds have no limit on processes, memory and CPU on this engine. ${SEE}`);
      }
      if (isShared) this.logger.warn(`builds can reach each other on this engine's default bridge. ${SEE}`);
    } catch (error) {
      // The builder starts without the engine, too.
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`could not check whether the engine isolates builds: ${error.message}`);
    }
  }
}
