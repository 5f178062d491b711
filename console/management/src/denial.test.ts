import { describe, expect, it } from 'vitest';
import { parseDenial, whoCanHelp } from './denial';

const TARO = 'arn:aws:iam::111122223333:user/taro';
const USER = `User: ${TARO} is not authorized to perform: iam:ListUsers on resource: ${TARO}`;

describe('a refusal in the words of behaviours.md 2.6', () => {
  it.each([
    ['because no identity-based policy allows the iam:ListUsers action', false, 'identity'],
    ['because no resource-based policy allows the iam:ListUsers action', false, 'resource'],
    ['because no permissions boundary allows the iam:ListUsers action', false, 'boundary'],
    ['because no session policy allows the iam:ListUsers action', false, 'session'],
    ['because no service control policy allows the iam:ListUsers action', false, 'service-control'],
    ['with an explicit deny in an identity-based policy', true, 'identity'],
    ['with an explicit deny in a permissions boundary', true, 'boundary'],
    ['with an explicit deny in a service control policy', true, 'service-control'],
    ['with an explicit deny in a resource control policy', true, 'resource-control'],
    ['with an explicit deny in the role trust policy', true, 'trust'],
    ['with an explicit deny in a VPC endpoint policy transitively through a service control policy', true, 'endpoint'],
    ['', false, 'unknown'],
  ])('… %s', (reason, explicit, policy) => {
    expect(parseDenial(`${USER} ${reason}`)).toEqual({ principal: TARO, action: 'iam:ListUsers', resource: TARO, explicit, policy });
  });

  it.each([
    [`User: ${TARO} is not authorized to perform: account:ListRegions because no identity-based policy allows the account:ListRegions action`, 'account:ListRegions', ''],
    [`User: ${TARO} is not authorized to perform: sts:AssumeRole on resource: "arn:aws:iam::1:role/x"`, 'sts:AssumeRole', 'arn:aws:iam::1:role/x'],
    ['Not authorized to perform sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithSAML', ''],
    ['Forbidden', '', ''],
    ['', '', ''],
  ])('%j', (message, action, resource) => {
    expect(parseDenial(message)).toMatchObject({ action, resource });
  });
});

it.each([
  ['identity', 'iam-user', 'administrator'],
  ['identity', 'role', 'administrator'],
  ['identity', 'root', 'root'],
  ['boundary', 'iam-user', 'administrator'],
  ['session', 'role', 'self'],
  ['service-control', 'root', 'organization'],
  ['resource-control', 'iam-user', 'organization'],
] as const)('what a %s policy refuses a %s is for %s', (policy, kind, helper) => {
  expect(whoCanHelp(policy, kind)).toBe(helper);
});

// AWS's text for who may not reach an instance names no action; "this" is none.
it('takes no other word for an action', () => {
  expect(parseDenial('You do not have sufficient access to perform this action.')).toMatchObject({ principal: '', action: '', resource: '', policy: 'unknown' });
});
