import { useCallback, useEffect, useRef, useState } from 'react';
import { runWorks, tally, waitFor, type Tally, type Work, type WorkProgress } from './works';

export interface Works<W extends Work> extends Tally {
  pieces: readonly W[];
  progressOf: (piece: W) => WorkProgress;
  /** Begins with these pieces, and forgets those before. */
  run: (pieces: readonly W[]) => void;
  /** Does those that failed once more. */
  retry: () => void;
}

const waiting: WorkProgress = { state: 'waiting' };

/** Pieces of work and how far they are; what has not begun when the page goes is not done. */
export function useWorks<W extends Work>(): Works<W> {
  const [pieces, setPieces] = useState<readonly W[]>([]);
  const [progress, setProgress] = useState<ReadonlyMap<string, WorkProgress>>(new Map());
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const begin = useCallback((some: readonly W[]) => {
    abort.current?.abort();
    abort.current = new AbortController();
    void runWorks(some, {
      signal: abort.current.signal,
      wait: waitFor,
      report: (id, now) => setProgress((before) => new Map(before).set(id, now)),
    });
  }, []);

  const run = useCallback(
    (all: readonly W[]) => {
      setPieces(all);
      setProgress(new Map());
      begin(all);
    },
    [begin],
  );

  return {
    ...tally(pieces, progress),
    pieces,
    progressOf: ({ id }) => progress.get(id) ?? waiting,
    run,
    retry: () => begin(pieces.filter(({ id }) => progress.get(id)?.state === 'failed')),
  };
}
