import manifest from '../../../../package.json' with { type: 'json' };

/** The version of this code, as package.json names it. */
export const NEXOS_VERSION: string = manifest.version;
