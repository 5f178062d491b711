import ToggleButton, { type ToggleButtonProps } from '@cloudscape-design/components/toggle-button';
import { useEffect, useRef } from 'react';
import { useLocale } from '../../shared/locale';

interface FavouriteButtonProps {
  name: string;
  marked: boolean;
  /** Takes the focus when it is drawn: it has just been pressed, and with its row has moved from one list to the other. */
  focused: boolean;
  onToggle: () => void;
}

/** The star beside an account or application. */
export function FavouriteButton({ name, marked, focused, onToggle }: FavouriteButtonProps) {
  const { t } = useLocale();
  const button = useRef<ToggleButtonProps.Ref>(null);
  useEffect(() => {
    if (focused) button.current?.focus();
  }, [focused]);
  return (
    <ToggleButton
      ref={button}
      variant="icon"
      iconName="star"
      pressedIconName="star-filled"
      pressed={marked}
      ariaLabel={t.favourites.mark(name)}
      onChange={onToggle}
    />
  );
}
