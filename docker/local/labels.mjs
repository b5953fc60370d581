// @ts-check

/** Every label that Nexos puts on things of the engine; what carries none of them is not ours. */
export const LABELS = {
  /** The clone's id. */
  instance: 'dev.nexos.instance',
  /** The absolute path of the clone's `.nexos`. */
  home: 'dev.nexos.home',
  /** The machine on which that path means something. */
  machine: 'dev.nexos.machine',
  /** A hash of the wanted configuration. */
  config: 'dev.nexos.config',
  /** The published port on 127.0.0.1. */
  port: 'dev.nexos.port',
};
