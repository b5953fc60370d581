import { JOB_NAMES, type QueueName } from '@nexos/contracts';
import { UnitOfWork } from '@nexos/database';
import { JobQueues } from '@nexos/queue';
import { AccountsRepository, recordAudit } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { TrustedOrigins } from '../auth/trusted-origins.js';
import { ApiError, NO_ROUTE } from '../http/problems/api-error.js';
import { BOARD_PATH } from './basic-authentication.js';
import { BoardFiles } from './board-files.js';
import { type BoardRequest, type BoardRoute, BoardRoutes } from './board-routes.js';

const QUEUE_NAMES = Object.keys(JOB_NAMES) as QueueName[];

export interface BoardAnswer {
  readonly status: number;
  readonly type: string;
  readonly content: string | Buffer;
  /** Whether browsers may keep it: its name changes with its content. */
  readonly isStatic?: boolean;
}

interface Board {
  readonly routes: BoardRoutes;
  readonly files: BoardFiles;
}

/** Carries a refusal of the board out of the transaction, which it rolls back. */
class RefusedByBoard extends Error {
  constructor(readonly answer: BoardAnswer) {
    super('the board refused the change');
  }
}

/** Answers requests to bull-board, for operators. */
@Injectable()
export class QueueBoardService {
  private readonly logger = new Logger(QueueBoardService.name);
  private board: Promise<Board> | undefined;

  constructor(
    private readonly queues: JobQueues,
    private readonly accounts: AccountsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly origins: TrustedOrigins,
  ) {}

  /** @throws {ApiError} not-found, also for a non-operator; service-unavailable while Redis is unreachable */
  async read(callerId: string, request: BoardRequest): Promise<BoardAnswer> {
    await this.assertOperator(callerId);
    const { routes, files } = await this.opened();
    const page = routes.page(request.path, BOARD_PATH);
    if (page !== null) return { status: 200, type: 'text/html; charset=utf-8', content: files.page(page) };
    if (request.path.startsWith('/static/')) {
      const file = await files.file(request.path);
      if (file !== null) return { status: 200, ...file, isStatic: true };
    }
    return await answerOf(found(routes, request));
  }

  /**
   * Makes a change and writes it to the audit log. Browsers send the password of Basic authentication with every request,
   * also with one that another site began, so the request must name the API's own origin.
   *
   * @throws {ApiError} forbidden, or as `read`
   */
  async change(callerId: string, request: BoardRequest, origin: string | undefined): Promise<BoardAnswer> {
    await this.assertOperator(callerId);
    if (!this.origins.allow(request.method, origin)) {
      throw new ApiError(
        'forbidden',
        'The request does not come from this board. Open the board at the address that PUBLIC_API_URL names.',
      );
    }
    const { routes } = await this.opened();
    const route = found(routes, request);
    const { action, params } = route;
    if (action === null) {
      throw new ApiError('forbidden', 'The board may not make this change, because it could break jobs.');
    }
    const { queueName = 'all', jobId, queueStatus } = params;
    try {
      return await this.unitOfWork.run(async (transaction) => {
        const subject = jobId === undefined ? queueName : `${queueName}/${jobId}`;
        const after = queueStatus === undefined ? null : { jobs: queueStatus };
        await recordAudit(transaction, { action, subject, after });
        const answer = await answerOf(route);
        if (answer.status >= 400) throw new RefusedByBoard(answer);
        return answer;
      });
    } catch (error) {
      if (error instanceof RefusedByBoard) return error.answer;
      throw error;
    }
  }

  private async assertOperator(callerId: string): Promise<void> {
    if (!(await this.accounts.isOperator(callerId))) throw new ApiError('not-found', NO_ROUTE);
  }

  private async opened(): Promise<Board> {
    this.board ??= this.open();
    try {
      return await this.board;
    } catch (error) {
      this.board = undefined;
      this.logger.error(`could not open the board: ${String(error)}`);
      throw new ApiError('service-unavailable', 'Redis, which holds the queues, does not answer. Try again.');
    }
  }

  /** Loads bull-board on the first request: few processes need it. */
  private async open(): Promise<Board> {
    const queues = await Promise.all(QUEUE_NAMES.map((name) => this.queues.queue(name)));
    // CommonJS modules, which have only a default export in the bundle.
    const [{ default: api }, { default: adapters }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
    ]);
    const files = await BoardFiles.open();
    const routes = new BoardRoutes();
    api.createBullBoard({
      queues: queues.map((queue) => new adapters.BullMQAdapter(queue)),
      serverAdapter: routes,
      options: { uiBasePath: files.folder, uiConfig: { boardTitle: 'Nexos queues', hideRedisDetails: true } },
    });
    return { routes, files };
  }
}

function found(routes: BoardRoutes, request: BoardRequest): BoardRoute {
  const route = routes.find(request);
  if (route === null) throw new ApiError('not-found', NO_ROUTE);
  return route;
}

async function answerOf(route: BoardRoute): Promise<BoardAnswer> {
  const { status, body } = await route.call();
  return {
    status,
    type: 'application/json; charset=utf-8',
    content: status === 204 ? '' : JSON.stringify(body),
  };
}
