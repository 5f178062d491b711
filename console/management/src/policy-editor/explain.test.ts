import { describe, expect, it } from 'vitest';
import { explain } from './explain';
import { explainMessages } from './messages';

const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const en = (text: string) => explain(text, explainMessages.en)?.flatMap((e) => e.sentences);
const ja = (text: string) => explain(text, explainMessages.ja)?.flatMap((e) => e.sentences);

describe('explain', () => {
  it.each<[string, object, string[]]>([
    ['everything', { Effect: 'Allow', Action: '*', Resource: '*' }, ['Allows every action on every resource.']],
    ['one action on one thing', { Effect: 'Allow', Action: 'iam:GetUser', Resource: 'arn:aws:iam::1:user/jane' }, ['Allows iam:GetUser on arn:aws:iam::1:user/jane.']],
    ['a service and a prefix', { Effect: 'Allow', Action: ['sts:*', 'iam:List*'], Resource: '*' }, ['Allows everything in sts and everything in iam that begins with List on every resource.']],
    ['all but', { Effect: 'Deny', NotAction: 'iam:*', NotResource: ['a', 'b'] }, ['Denies every action except everything in iam on every resource except a and b.']],
    ['MFA', { Effect: 'Deny', Action: '*', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }, ['Denies every action on every resource.', 'Only if the person signed in without MFA.']],
    ['another condition', { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] } } }, ['Allows every action on every resource.', 'Only if aws:RequestedRegion is eu-west-1 or eu-west-2.']],
    ['a condition on what may be missing', { Effect: 'Deny', Action: '*', Resource: '*', Condition: { NotIpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } } }, ['Denies every action on every resource.', 'Only if aws:SourceIp is not in 10.0.0.0/8, or the call does not tell it.']],
    ['a condition without words of its own', { Effect: 'Allow', Action: '*', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } } }, ['Allows every action on every resource.', 'Only if aws:TagKeys is as ForAllValues:StringEquals asks: a or b.']],
    ['a trust policy', { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' }, ['Allows sts:AssumeRole to those whom account 111122223333 lets.']],
    ['everybody', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, ['Allows sts:AssumeRole to everybody, also outside of the account.']],
    ['a long list', { Effect: 'Allow', Action: ['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'], Resource: '*' }, ['Allows a:1, a:2, a:3, a:4 and 2 more on every resource.']],
    ['no effect yet', { Action: 'iam:GetUser', Resource: '*' }, ['Does nothing yet: its Effect must be Allow or Deny. It is about iam:GetUser on every resource.']],
  ])('%s', (_name, statement, want) => {
    expect(en(document(statement))).toEqual(want);
  });

  it('speaks Japanese', () => {
    expect(ja(document({ Effect: 'Allow', Action: ['iam:Get*', 'sts:*'], Resource: '*' }))).toEqual([
      'すべてのリソースに対して、iam の Get で始まるすべて、sts のすべてを許可します。',
    ]);
    expect(ja(document({ Effect: 'Deny', Action: 'iam:GetUser', Resource: 'arn:aws:iam::1:user/x' }))).toEqual(['arn:aws:iam::1:user/x に対して、iam:GetUser を拒否します。']);
  });

  it.each(['', '{', '[]', '"x"', '{"Version":"2012-10-17"}', 'null'])('says nothing of %j', (text) => {
    expect(en(text)).toBeUndefined();
  });

  it('reads whatever is in a statement without failing', () => {
    expect(en('{"Statement":[1,null,{"Effect":3,"Action":{"a":1},"Condition":[1],"Principal":[]}]}')).toHaveLength(1);
  });
});
