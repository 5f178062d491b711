// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { composeBody, fromLegacy, isPhoneNumber, lengthOf, parseAddresses, partsOf, statusType } from './cases';
import { messages } from './messages';

const draft = { body: 'Nothing came.', tried: '', times: '', method: 'web', phone: '' } as const;

describe('composeBody', () => {
  const words = messages.ja.composed;
  test('has what was tried, the times and the contact method (O-02, O-17)', () => {
    expect(composeBody({ ...draft, tried: ' 再起動 ', times: '月曜日', method: 'chat' }, words, 'チャット')).toBe(
      'Nothing came.\n\n試したこと:\n再起動\n\n連絡可能な日時:\n月曜日\n\n連絡先方法: チャット',
    );
  });
  test('has the number only if that is to be called', () => {
    expect(composeBody({ ...draft, phone: '+81 3' }, words, 'W')).toBe('Nothing came.\n\n連絡先方法: W');
    expect(composeBody({ ...draft, method: 'call', phone: '+81 3' }, words, 'T')).toBe('Nothing came.\n\n連絡先方法: T\n電話番号: +81 3');
  });
});

test('parseAddresses', () => {
  expect(parseAddresses('')).toEqual([]);
  expect(parseAddresses(' a@example.com,b@example.com;\nc@example.com ')).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  expect(parseAddresses('a@example')).toBeUndefined();
  expect(parseAddresses('jane')).toBeUndefined();
  expect(parseAddresses(Array.from({ length: 11 }, (_, n) => `a${n}@example.com`).join())).toBeUndefined();
});

test('isPhoneNumber', () => {
  expect(['+81 90 1234 5678', '+1 (555) 010-0100'].every(isPhoneNumber)).toBe(true);
  expect(['', '090-1234-5678', '+81', '+81 abc 12345', `+${'1'.repeat(30)}`].some(isPhoneNumber)).toBe(false);
});

test('lengthOf counts characters', () => expect(lengthOf('𠮷野家')).toBe(3));

test('fromLegacy follows AWS’s addresses and no others', () => {
  expect(fromLegacy('#/case/create')).toBe('/support/cases/create');
  expect(fromLegacy('#/case/create?issueType=customer-service')).toBe('/support/cases/create');
  expect(fromLegacy('#/case/?displayId=1732280000123456&language=en')).toBe('/support/cases/1732280000123456');
  expect(fromLegacy('#/case/history')).toBe('/support/cases');
  expect(fromLegacy('')).toBe('');
  expect(fromLegacy('#/case/?displayId=../../iam')).toBe('');
});

test('every status has a name in both languages', () => {
  const statuses = ['unassigned', 'opened', 'work-in-progress', 'pending-customer-action', 'customer-action-completed', 'reopened', 'resolved'];
  for (const status of statuses) {
    expect(messages.en.statuses[status]).toBeTruthy();
    expect(messages.ja.statuses[status]).toBeTruthy();
  }
  expect(statuses.map(statusType)).toEqual(['in-progress', 'in-progress', 'in-progress', 'warning', 'in-progress', 'in-progress', 'success']);
});

test('the form has the words of O-02', () => {
  const { create } = messages.ja;
  expect([create.title, create.accountAndBilling, create.type, create.category, create.description, create.contact, create.method, create.methods.chat.label, create.submit]).toEqual([
    'ケースの作成', 'アカウントおよび請求サポート', 'タイプ', 'カテゴリ', 'ケースの説明', '連絡先オプション', '連絡先方法', 'チャット', '送信',
  ]);
});

test('a description is text, whatever it holds', () => {
  expect(partsOf('Checks.<br><br><b>Alert Criteria</b><br>Red: <img src=x onerror=alert(1)>none.<br/>')).toEqual([
    { heading: '', lines: ['Checks.'] },
    { heading: 'Alert Criteria', lines: ['Red: none.'] },
  ]);
});
