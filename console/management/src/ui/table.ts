/** What the tables of lists have in common. */
import type { HeaderProps } from '@cloudscape-design/components/header';
import type { TableProps } from '@cloudscape-design/components/table';

/** 'full-page' for a page's own table, 'container' for one among others on a page, 'embedded' within something else. */
export type TableVariant = 'full-page' | 'container' | 'embedded';

export const headings: Record<TableVariant, NonNullable<HeaderProps['variant']>> = { 'full-page': 'h1', container: 'h2', embedded: 'h3' };

/** In pixels. Narrow windows scroll a table sideways, rather than write headers letter by letter. */
const COLUMN_WIDTH = 130;

export const wideEnough = <T>(columns: readonly TableProps.ColumnDefinition<T>[]): TableProps.ColumnDefinition<T>[] => columns.map((column) => ({ minWidth: COLUMN_WIDTH, ...column }));

/** Makes rows selectable. */
export interface Selection<T> {
  selected: readonly T[];
  onSelect: (items: T[]) => void;
  /** 'multi' unless something else is meant. */
  type?: 'single' | 'multi';
  label: (item: T) => string;
  /** Which rows cannot be selected. */
  disabled?: (item: T) => boolean;
}

type SelectionProps<T> = Pick<TableProps<T>, 'selectionType' | 'selectedItems' | 'onSelectionChange' | 'isItemDisabled' | 'ariaLabels'>;

/** The same for the table; `title` names it, and `all` the box that selects every row. */
export function selectionProps<T>(selection: Selection<T> | undefined, title: string, all: string): SelectionProps<T> {
  if (!selection) return {};
  const { selected, onSelect, type = 'multi', label, disabled } = selection;
  return {
    selectionType: type,
    selectedItems: [...selected],
    onSelectionChange: ({ detail }) => onSelect(detail.selectedItems),
    ...(disabled && { isItemDisabled: disabled }),
    ariaLabels: {
      selectionGroupLabel: title,
      allItemsSelectionLabel: () => all,
      itemSelectionLabel: (_, item) => label(item),
    },
  };
}
