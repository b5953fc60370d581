const OPENING = '{{';
const LITERAL = '{{"{{"}}';

/**
 * A text that Swarm hands on as it is. It takes environment variables for templates, and would put facts of the node in or
 * refuse the service: https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates
 */
export function asTemplate(text: string): string {
  return text.replaceAll(OPENING, LITERAL);
}

/** The text that `asTemplate` was given. */
export function fromTemplate(template: string): string {
  return template.replaceAll(LITERAL, OPENING);
}
