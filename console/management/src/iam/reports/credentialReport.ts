import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from '@aws-sdk/client-iam';

export interface CredentialReport {
  /** CSV, a header and a line for each user. */
  text: string;
  createdAt: Date | undefined;
  users: number;
}

/** How often, and in which distance in milliseconds, it is asked whether the report is made. */
const TRIES = 30;
const PAUSE = 1_000;

/** Has the report made, or the last one if it is young enough, and reads it; undefined while it is not finished. */
export async function credentialReport(iam: IAMClient, pause = PAUSE): Promise<CredentialReport | undefined> {
  for (let i = 0; i < TRIES; i++) {
    // oxlint-disable-next-line no-await-in-loop -- it is not made yet
    const { State } = await iam.send(new GenerateCredentialReportCommand({}));
    if (State === 'COMPLETE') {
      // oxlint-disable-next-line no-await-in-loop -- the last turn
      const { Content, GeneratedTime } = await iam.send(new GetCredentialReportCommand({}));
      const text = new TextDecoder().decode(Content);
      return { text, createdAt: GeneratedTime, users: Math.max(0, text.trim().split('\n').length - 1) };
    }
    // oxlint-disable-next-line no-await-in-loop -- it is not made yet
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
  return undefined;
}
