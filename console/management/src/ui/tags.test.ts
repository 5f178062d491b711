import { expect, it } from 'vitest';
import { changes, edited } from './TagsEditor';

const before = [
  { Key: 'team', Value: 'audit' },
  { Key: 'stage', Value: 'prod' },
];

it('asks for nothing when nothing changed', () => {
  expect(changes(before, edited(before))).toEqual({ put: [], remove: [] });
});

it('puts what is new or different, and removes what is marked', () => {
  const [team, stage] = edited(before);
  expect(
    changes(before, [
      { ...team!, Value: 'finance' },
      { ...stage!, markedForRemoval: true },
      { Key: 'owner', Value: '', existing: false },
      { Key: '', Value: 'left empty', existing: false },
    ]),
  ).toEqual({ put: [{ Key: 'team', Value: 'finance' }, { Key: 'owner', Value: '' }], remove: ['stage'] });
});
