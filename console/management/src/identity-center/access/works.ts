/**
 * Asynchronous work of Identity Center, as assignments and provisioning are: each piece is
 * asked for once and then asked after until it succeeded or failed (G-44, behaviours.md 6.4).
 */
import type { StatusValues } from '@aws-sdk/client-sso-admin';
import { errorCode } from '../../failure';

/** What the Create…, Delete…, Provision… and Describe…Status operations answer of a piece. */
export interface WorkStatus {
  Status?: StatusValues | undefined;
  RequestId?: string | undefined;
  FailureReason?: string | undefined;
}

export interface Work {
  /** Unique among the pieces that run together. */
  id: string;
  start: () => Promise<WorkStatus | undefined>;
  poll: (requestId: string) => Promise<WorkStatus | undefined>;
}

export interface WorkProgress {
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why it failed, in the server's words. */
  reason?: string;
  /** Why it could not be asked for, or asked after. */
  error?: unknown;
}

export interface Runner {
  report: (id: string, progress: WorkProgress) => void;
  /** Resolves after that many milliseconds, at once when the signal is aborted. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/** AWS lets 15 assignments be outstanding (behaviours.md 1.7); somebody else may be at work too. */
const AT_ONCE = 8;

/** Between two questions after a piece, in milliseconds. */
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 4_000;

/** So many times a question that failed, or an order that was throttled, is tried again. */
const TRIES = 5;

/** Does all of them, some at a time, in their order. Failures are reported and stop nothing. */
export async function runWorks(works: readonly Work[], runner: Runner): Promise<void> {
  const waiting = [...works];
  for (const { id } of works) runner.report(id, { state: 'waiting' });
  const worker = async () => {
    for (let work = waiting.shift(); work && !runner.signal.aborted; work = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what a worker does
      await runWork(work, runner);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, works.length) }, worker));
}

async function runWork(work: Work, runner: Runner): Promise<void> {
  const { report, signal } = runner;
  report(work.id, { state: 'running' });
  try {
    let status = await again(work.start, isThrottled, runner);
    for (let pause = FIRST_PAUSE; status?.Status === 'IN_PROGRESS'; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
      // oxlint-disable-next-line no-await-in-loop -- asked again after a pause
      await runner.wait(pause, signal);
      if (signal.aborted) return;
      const { RequestId = '' } = status;
      // oxlint-disable-next-line no-await-in-loop
      status = await again(() => work.poll(RequestId), () => true, runner);
    }
    if (signal.aborted) return;
    report(work.id, status?.Status === 'SUCCEEDED' ? { state: 'done' } : { state: 'failed', reason: status?.FailureReason ?? '' });
  } catch (error) {
    if (!signal.aborted) report(work.id, { state: 'failed', error });
  }
}

/** Tries again after longer and longer pauses, while what failed is worth it. */
async function again<T>(ask: () => Promise<T>, worthIt: (error: unknown) => boolean, { wait, signal }: Runner): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await ask();
    } catch (error) {
      if (tries >= TRIES || signal.aborted || !worthIt(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await wait(LONGEST_PAUSE / 2, signal);
    }
  }
}

const isThrottled = (error: unknown): boolean => ['ThrottlingException', 'TooManyRequestsException'].includes(errorCode(error));

/** `Runner.wait` by the browser's clock. */
export function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

export interface Tally {
  total: number;
  done: number;
  failed: number;
  /** Whether nothing is waiting or running any more. */
  over: boolean;
}

export function tally(works: readonly Work[], progress: ReadonlyMap<string, WorkProgress>): Tally {
  const count = (state: WorkProgress['state']) => works.filter(({ id }) => progress.get(id)?.state === state).length;
  const done = count('done');
  const failed = count('failed');
  return { total: works.length, done, failed, over: done + failed === works.length };
}
