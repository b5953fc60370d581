import { faultPoint, IngressConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { deploymentNotification, environmentNotifications, type NotificationType } from '@nexos/domain';
import { type NewMessage, NotificationsRepository, type SubjectEvent } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Event, EventConsumer } from '../events/event-consumer.js';
import { messageData } from './message-data.js';

/**
 * Writes a message for each webhook that wants to know of an event. A repeated event finds its messages written.
 *
 * With an event, it writes the messages of all earlier events of the same deployment or environment that have not been
 * dispatched. So a message exists before any later one does, and can be sent before it.
 */
@Injectable()
export class NotificationConsumer implements EventConsumer {
  readonly name = 'webhooks';

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly notifications: NotificationsRepository,
    private readonly ingress: IngressConfig,
  ) {}

  async consume(event: Event): Promise<void> {
    const subscribers = await this.notifications.subscribers(event.event.projectId);
    if (subscribers.length === 0) return;
    const { of } = event;
    const subjectId = of === 'deployment' ? event.event.deploymentId : event.event.environmentId;
    const history = await this.notifications.history(of, subjectId, event.event.seq);
    const types =
      of === 'deployment' ? history.map(deploymentNotification) : environmentNotifications(history);
    const news = history.flatMap((past, at) => {
      const type = types[at] ?? null;
      const isNew = past.seq === event.event.seq || !past.isDispatched;
      const wanting = subscribers.filter((one) => isWanted(one, type, past));
      return type === null || !isNew || wanting.length === 0 ? [] : [{ past, type, wanting }];
    });
    if (news.length === 0) return;
    const facts = await this.notifications.facts(of, subjectId);
    if (facts === null) return;
    const messages = news.flatMap(({ past, type, wanting }): NewMessage[] => {
      const { seq: position, at } = past;
      const data = messageData(type, past, facts, this.ingress);
      return wanting.map(({ id }) => ({ webhookId: id, subject: subjectId, position, type, data, at }));
    });
    await this.write(messages);
  }

  private async write(messages: readonly NewMessage[]): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      const webhookIds = await this.notifications.write(messages);
      for (const webhookId of webhookIds) {
        transaction.enqueue({ queue: 'notify', name: 'send-messages', payload: { webhookId } });
      }
      faultPoint('notify.written');
    });
    faultPoint('notify.committed');
  }
}

/** Webhooks are not told what happened before they existed. */
function isWanted(
  { events, createdAt }: { events: readonly NotificationType[]; createdAt: Date },
  type: NotificationType | null,
  { at }: SubjectEvent,
): boolean {
  return type !== null && events.includes(type) && createdAt <= at;
}
