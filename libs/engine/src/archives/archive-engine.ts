import { type EngineConfig } from '@nexos/config';
import { EngineClient } from '../client/engine-client.js';
import { Engine } from '../client/engine.js';
import { Images } from '../images/images.js';
import { ImageArchives } from './image-archives.js';
import { InstallationObjects } from './installation-objects.js';
import { VolumeArchives } from './volume-archives.js';

/** The engine as backups and restores use it. */
export interface ArchiveEngine {
  readonly engine: Engine;
  readonly images: Images;
  readonly imageArchives: ImageArchives;
  readonly volumes: VolumeArchives;
  readonly objects: InstallationObjects;
}

/** Connects to the engine, for commands, which have no module. */
export function archiveEngine(config: EngineConfig): ArchiveEngine {
  const client = new EngineClient(config);
  return {
    engine: new Engine(client),
    images: new Images(client),
    imageArchives: new ImageArchives(client),
    volumes: new VolumeArchives(client),
    objects: new InstallationObjects(client),
  };
}
