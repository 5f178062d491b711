import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { detailsFaults, type Details } from './details';
import { boundaryName, createSet, jobs, noPolicies, referenceFaults } from './policies';

const details: Details = { name: 'AdministratorAccess', description: '', minutes: 60, relayState: '' };
const instance = { arn: 'arn:aws:sso:::instance/ssoins-1', id: 'ssoins-1', directory: 'd-1', owner: '111122223333', name: '', region: 'us-east-1', administered: true };

/** A client that answers every command, and those that are named with a refusal. */
function client(refused: readonly string[] = []) {
  const sent: [string, Record<string, unknown>][] = [];
  const send = (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push([name, command.input]);
    if (refused.includes(name)) return Promise.reject(Object.assign(new Error(`no ${name}`), { $metadata: {} }));
    return Promise.resolve(name === 'CreatePermissionSet' ? { PermissionSet: { PermissionSetArn: 'arn:ps' } } : {});
  };
  return { sent, sso: { send } as unknown as SSOAdminClient };
}

describe('what a set may be', () => {
  it.each([
    [{}, []],
    [{ name: '' }, ['name']],
    [{ name: 'has space' }, ['name']],
    [{ name: 'x'.repeat(33) }, ['name']],
    [{ name: 'a+b=c,d.e@f-g_h' }, []],
    [{ description: 'Café, two\nlines' }, []],
    [{ description: '日本語' }, ['description']],
    [{ description: 'x'.repeat(701) }, ['description']],
    [{ relayState: 'https://console.example.com/iam/home?region=us-east-1#/users' }, []],
    [{ relayState: 'https://ex ample/日' }, ['relayState']],
    [{ relayState: 'x'.repeat(241) }, ['relayState']],
  ] as const)('%j has the faults %j', (change, faults) => {
    expect(detailsFaults({ ...details, ...change })).toEqual(faults);
  });

  it.each([
    [[{ Name: 'Deploy', Path: '/' }], [undefined]],
    [[{ Name: 'Deploy' }, { Name: 'Deploy', Path: '/' }], [undefined, 'twice']],
    [[{ Name: 'Deploy', Path: '/a/' }, { Name: 'deploy', Path: '/a/' }], [undefined, undefined]],
    [[{ Name: 'De ploy', Path: '/' }], ['wrong']],
    [[{ Name: 'Deploy', Path: 'a/' }], ['wrong']],
    [[{ Name: 'Deploy', Path: '/a' }], ['wrong']],
    [[{ Name: '', Path: '/' }], ['wrong']],
  ])('customer managed policies %j are %j: names differ by case (behaviours.md 6.4)', (references, faults) => {
    expect(referenceFaults(references)).toEqual(faults);
  });

  it('can be one of ten jobs, the first AdministratorAccess (G-35, G-39)', () => {
    expect(jobs).toHaveLength(10);
    expect(jobs[0]).toEqual({ name: 'AdministratorAccess', arn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    expect(jobs.find(({ name }) => name === 'Billing')?.arn).toBe('arn:aws:iam::aws:policy/job-function/Billing');
  });

  it('names boundaries', () => {
    expect(boundaryName({ ManagedPolicyArn: 'arn:aws:iam::aws:policy/job-function/Billing' })).toBe('Billing');
    expect(boundaryName({ CustomerManagedPolicyReference: { Name: 'Limit', Path: '/x/' } })).toBe('/x/Limit');
  });
});

describe('making a set', () => {
  const [admin] = jobs;
  const policies = {
    managed: [{ Name: admin!.name, Arn: admin!.arn }],
    customer: [{ Name: 'Deploy', Path: '/' }],
    inline: '{"Version":"2012-10-17","Statement":[]}',
    boundary: { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
  };

  it('asks for nothing but what was filled in, for one hour (G-36)', async () => {
    const { sent, sso } = client();
    expect(await createSet(sso, instance, details, noPolicies, [])).toEqual({ arn: 'arn:ps', missing: [] });
    expect(sent).toEqual([['CreatePermissionSet', { InstanceArn: instance.arn, Name: 'AdministratorAccess', SessionDuration: 'PT1H' }]]);
  });

  it('gives it all its policies', async () => {
    const { sent, sso } = client();
    await createSet(sso, instance, details, policies, []);
    expect(sent.map(([name]) => name)).toEqual([
      'CreatePermissionSet',
      'AttachManagedPolicyToPermissionSet',
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      'PutInlinePolicyToPermissionSet',
      'PutPermissionsBoundaryToPermissionSet',
    ]);
    expect(sent.every(([name, input]) => name === 'CreatePermissionSet' || input['PermissionSetArn'] === 'arn:ps')).toBe(true);
  });

  it('tells what a set that was made did not get, and goes on', async () => {
    const { sent, sso } = client(['AttachManagedPolicyToPermissionSet']);
    const { missing } = await createSet(sso, instance, details, policies, []);
    expect(missing.map(({ what }) => what)).toEqual(['AdministratorAccess']);
    expect(sent).toHaveLength(5);
  });

  it('throws when it cannot be made', async () => {
    await expect(createSet(client(['CreatePermissionSet']).sso, instance, details, policies, [])).rejects.toThrow('no CreatePermissionSet');
  });
});
