import { SERVICE_KINDS } from '@nexos/domain';
import { PROJECT_NAME } from '../setting-rules.js';
import type { Documentation, TextRules } from '../setting.js';

/** Something that this version of Nexos does not offer: the file may say that it does not want it. */
interface UnofferedRules {
  readonly kind: 'unoffered';
  /** Values that ask for nothing. */
  readonly harmless: readonly (string | false)[];
  /** The error for every other value; completes a sentence that begins with the field. */
  readonly message: string;
}

/** A service that this version of Nexos does not offer; false, or a mapping with `enabled: false`, is harmless. */
interface UnofferedServiceRules {
  readonly kind: 'unoffered-service';
  readonly message: string;
}

/** A field of `nexos.yaml` that is not a setting: no deployment keeps it. */
export type UnkeptField = Documentation & (TextRules | UnofferedRules | UnofferedServiceRules);

/** Fields of `nexos.yaml` beside the settings, by their paths in the file. */
export const UNKEPT_FIELDS = {
  name: {
    ...PROJECT_NAME,
    title: 'Name',
    description:
      'Name of the project. Used when a project is created or configured from the file; a deployment ignores it.',
    examples: ['my-app'],
  },
  'services.mongodb': unofferedService('MongoDB'),
  'services.elasticsearch': unofferedService('Elasticsearch'),
  'services.mailhog': unofferedService('MailHog'),
  'preview.mode': {
    kind: 'unoffered',
    harmless: ['prod', false],
    message: 'must be prod: this installation offers no other mode, and its operator decides what it offers',
    title: 'Mode',
    description: 'How an environment runs: always prod.',
    examples: ['prod'],
  },
} as const satisfies Record<string, UnkeptField>;

function unofferedService(title: string) {
  return {
    kind: 'unoffered-service',
    message: `is not offered by this installation, which offers ${SERVICE_KINDS.join(', ')}; its operator decides what it offers; set it to false, or leave it out`,
    title,
    description: `${title} is not offered: false, or left out.`,
    examples: [false],
  } as const satisfies UnkeptField;
}
