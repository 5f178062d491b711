import { useMessages } from '../../messages';
import { accessMessages } from '../accessMessages';

/** So many minutes, in hours where they are whole. */
export function SessionDuration({ minutes }: { minutes: number }) {
  const t = useMessages(accessMessages).set;
  return minutes % 60 === 0 ? t.hours(minutes / 60) : t.minutes(minutes);
}
