import { expect, it } from 'vitest';
import { situationOf } from './situation';

const organization = { Id: 'o-abcdefghij', MasterAccountId: '111122223333' };

it.each([
  ['no organization: one is offered (F-02, G-03)', null, '111122223333', 'standalone'],
  ['the management account with all features (F-04)', { ...organization, FeatureSet: 'ALL' as const }, '111122223333', 'ready'],
  ['consolidated billing only (F-03)', { ...organization, FeatureSet: 'CONSOLIDATED_BILLING' as const }, '111122223333', 'not-all-features'],
  ['a member account (G-04)', { ...organization, FeatureSet: 'ALL' as const }, '444455556666', 'member'],
  ['a member account, whatever the features', { ...organization, FeatureSet: 'CONSOLIDATED_BILLING' as const }, '444455556666', 'member'],
])('%s', (_what, its, account, kind) => {
  expect(situationOf(its, account).kind).toBe(kind);
});
