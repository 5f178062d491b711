import { useEffect, useState } from 'react';

const KEY = 'sekisho-bookmark-hint';

function given(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true; // a browser that keeps nothing would be told every time
  }
}

/** Whether to advise to bookmark the portal, once in each browser; and the way to take the advice away. */
export function useBookmarkHint(): [boolean, () => void] {
  const [shown, setShown] = useState(() => !given());
  useEffect(() => {
    try {
      localStorage.setItem(KEY, '1');
    } catch {
      // Then it was not shown either.
    }
  }, []);
  return [shown, () => setShown(false)];
}
