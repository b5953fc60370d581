import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { AgentReportDto } from './agent-report.dto.js';

/** @returns null when the text is not a report */
export async function parseAgentReport(text: string): Promise<AgentReportDto | null> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const report = plainToInstance(AgentReportDto, body);
  const errors = await validate(report, { whitelist: true, forbidNonWhitelisted: true });
  return errors.length === 0 ? report : null;
}
