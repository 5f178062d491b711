import { expect, test } from 'vitest';
import type { ConsoleSession } from '../session';
import { section } from './section';

test('the navigation pane shows the account’s number with all of its digits (E-07)', () => {
  const session = { accountId: '111122223333' } as ConsoleSession;
  const titles = (['en', 'ja'] as const).map((locale) => {
    const [group] = section.navigation(locale, session).items;
    return group?.type === 'section-group' && group.title;
  });
  expect(titles).toEqual(['Account ID 111122223333', 'アカウント番号 111122223333']);
});
