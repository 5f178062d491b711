import type { IAMClient } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { credentialReport } from './credentialReport';

/** A client that answers in this order. */
function answering(...answers: object[]) {
  const asked: string[] = [];
  const send = (command: object) => {
    asked.push(command.constructor.name);
    return Promise.resolve(answers.shift() ?? { State: 'INPROGRESS' });
  };
  return { asked, client: { send } as unknown as IAMClient };
}

it('waits until the report is made, and counts its users', async () => {
  const GeneratedTime = new Date('2026-11-22T12:00:00Z');
  const { asked, client } = answering(
    { State: 'STARTED' },
    { State: 'INPROGRESS' },
    { State: 'COMPLETE' },
    { Content: new TextEncoder().encode('user,arn\n<root_account>,x\nhanako,y\n'), GeneratedTime },
  );
  expect(await credentialReport(client, 0)).toEqual({ text: 'user,arn\n<root_account>,x\nhanako,y\n', createdAt: GeneratedTime, users: 2 });
  expect(asked).toEqual(['GenerateCredentialReportCommand', 'GenerateCredentialReportCommand', 'GenerateCredentialReportCommand', 'GetCredentialReportCommand']);
});

it('gives up on a report that is never finished', async () => {
  const { asked, client } = answering();
  expect(await credentialReport(client, 0)).toBeUndefined();
  expect(asked).not.toContain('GetCredentialReportCommand');
});
