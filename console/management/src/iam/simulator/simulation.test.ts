import { describe, expect, it } from 'vitest';
import { contextEntries, excerpt, rows, withKeys, words, type ContextRow } from './simulation';

describe('rows', () => {
  const at = { Line: 1, Column: 1 };
  const matched = [{ SourcePolicyId: 'P', SourcePolicyType: 'none' as const, StartPosition: at, EndPosition: at }];
  it('are one for each resource of an action', () => {
    expect(
      rows([
        {
          EvalActionName: 'iam:GetUser',
          EvalResourceName: '*',
          EvalDecision: 'explicitDeny',
          ResourceSpecificResults: [
            { EvalResourceName: 'a', EvalResourceDecision: 'allowed', MatchedStatements: matched, PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
            { EvalResourceName: 'b', EvalResourceDecision: 'explicitDeny', MissingContextValues: ['aws:SourceIp'] },
          ],
        },
      ]),
    ).toEqual([
      { action: 'iam:GetUser', resource: 'a', decision: 'allowed', matched, missing: [], outside: [] },
      { action: 'iam:GetUser', resource: 'b', decision: 'explicitDeny', matched: [], missing: ['aws:SourceIp'], outside: [] },
    ]);
  });
  it('say what stood in the way outside of the policies', () => {
    expect(
      rows([
        {
          EvalActionName: 'iam:GetUser',
          EvalDecision: 'implicitDeny',
          OrganizationsDecisionDetail: { AllowedByOrganizations: false },
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
        },
      ]),
    ).toEqual([{ action: 'iam:GetUser', resource: '*', decision: 'implicitDeny', matched: [], missing: [], outside: ['boundary', 'organization'] }]);
  });
});

it.each<[ContextRow, object[]]>([
  [{ key: 'aws:SourceIp', type: 'ip', values: '10.0.0.1' }, [{ ContextKeyName: 'aws:SourceIp', ContextKeyType: 'ip', ContextKeyValues: ['10.0.0.1'] }]],
  [{ key: ' aws:TagKeys ', type: 'string', values: 'a, b,' }, [{ ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList', ContextKeyValues: ['a', 'b'] }]],
  [{ key: '', type: 'string', values: 'a' }, []],
  [{ key: 'a', type: 'string', values: ' , ' }, []],
])('%j is %j', (row, want) => {
  expect(contextEntries([row])).toEqual(want);
});

it('keys are added once, with the type that they have', () => {
  const typed: ContextRow = { key: 'AWS:sourceip', type: 'ip', values: '10.0.0.1' };
  expect(withKeys([typed, { key: '', type: 'string', values: '' }], ['aws:SourceIp', 'aws:MultiFactorAuthPresent', 'x:y'])).toEqual([
    typed,
    { key: 'aws:MultiFactorAuthPresent', type: 'boolean', values: '' },
    { key: 'x:y', type: 'string', values: '' },
  ]);
});

const position = (Line: number) => ({ Line, Column: 1 });

it.each<[number, number, string]>([
  [2, 3, '{\n  "a": 1'],
  [1, 1, 'x'],
  [2, 4, '{\n  "a": 1\n}'],
  [9, 9, ''],
  [0, 0, ''],
])('the lines %d to %d', (from, to, want) => {
  expect(excerpt('x\n    {\n      "a": 1\n    },', { StartPosition: position(from), EndPosition: position(to) })).toBe(want);
});

it('words are told apart by spaces, commas and lines', () => {
  expect(words(' iam:GetUser,iam:ListUsers\n iam:GetUser ')).toEqual(['iam:GetUser', 'iam:ListUsers']);
});
