import { describe, expect, it } from 'vitest';
import { runWorks, tally, type Work, type WorkProgress, type WorkStatus } from './works';

/** Runs to the end without waiting, and tells what was reported of each and how long the pauses were. */
async function finish(works: Work[], signal = new AbortController().signal) {
  const progress = new Map<string, WorkProgress>();
  const history: string[] = [];
  const pauses: number[] = [];
  await runWorks(works, {
    signal,
    report: (id, now) => {
      progress.set(id, now);
      history.push(`${id} ${now.state}`);
    },
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
  return { progress, history, pauses, ...tally(works, progress) };
}

const throttled = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: {} });

/** A piece that is in progress for so many questions, and then is what `end` says. */
const piece = (id: string, questions: number, end: WorkStatus = { Status: 'SUCCEEDED' }): Work => {
  let left = questions;
  const status = () => Promise.resolve<WorkStatus>(left-- > 0 ? { Status: 'IN_PROGRESS', RequestId: `request-${id}` } : end);
  return { id, start: status, poll: (requestId) => (requestId === `request-${id}` ? status() : Promise.reject(new Error(requestId))) };
};

describe('asynchronous work (G-44)', () => {
  it('asks after each piece until it is over, ever less often', async () => {
    const { done, failed, over, pauses } = await finish([piece('a', 12)]);
    expect({ done, failed, over }).toEqual({ done: 1, failed: 0, over: true });
    expect(pauses).toHaveLength(12);
    expect(pauses.every((p, i) => i === 0 || p >= pauses[i - 1]!)).toBe(true);
    expect(Math.max(...pauses)).toBe(4_000);
  });

  it('tells why a piece failed, and does the others all the same (G-50)', async () => {
    const reason = 'Cannot exceed quota for RolesPerAccount: 1000';
    const { progress, done, failed } = await finish([piece('a', 1, { Status: 'FAILED', FailureReason: reason }), piece('b', 1)]);
    expect(progress.get('a')).toEqual({ state: 'failed', reason });
    expect([done, failed]).toEqual([1, 1]);
  });

  it('keeps the refusal of an order, and does not repeat it', async () => {
    let asked = 0;
    const refusal = Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: {} });
    const { progress } = await finish([{ id: 'a', start: () => ((asked += 1), Promise.reject(refusal)), poll: () => Promise.reject(new Error('never')) }]);
    expect(progress.get('a')).toEqual({ state: 'failed', error: refusal });
    expect(asked).toBe(1);
  });

  it.each([
    [1, 'done'],
    [4, 'done'],
    [5, 'failed'],
  ] as const)('an order that is throttled %d times is %s', async (times, state) => {
    let left = times;
    const work = piece('a', 0);
    const { progress } = await finish([{ ...work, start: () => (left-- > 0 ? Promise.reject(throttled()) : work.start()) }]);
    expect(progress.get('a')?.state).toBe(state);
  });

  it('survives a question that got no answer', async () => {
    const work = piece('a', 2);
    let first = true;
    const { progress } = await finish([{ ...work, poll: (id) => (first ? ((first = false), Promise.reject(new TypeError('network'))) : work.poll(id)) }]);
    expect(progress.get('a')?.state).toBe('done');
  });

  it('has no more than eight pieces under way at a time (behaviours.md 1.7)', async () => {
    const { history } = await finish(Array.from({ length: 40 }, (_, i) => piece(String(i), 3)));
    let running = 0;
    let most = 0;
    for (const line of history) {
      if (line.endsWith('running')) running += 1;
      if (line.endsWith('done')) running -= 1;
      most = Math.max(most, running);
    }
    expect(most).toBe(8);
    expect(history.filter((line) => line.endsWith('done'))).toHaveLength(40);
  });

  it('begins nothing more once the page is gone', async () => {
    const controller = new AbortController();
    let begun = 0;
    const works = Array.from({ length: 40 }, (_, i): Work => {
      const work = piece(String(i), 1);
      return {
        ...work,
        start: () => {
          begun += 1;
          if (begun === 8) controller.abort();
          return work.start();
        },
      };
    });
    const { over } = await finish(works, controller.signal);
    expect([begun, over]).toEqual([8, false]);
  });
});
