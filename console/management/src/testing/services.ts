import { vi } from 'vitest';

/** A call that the console made: to which operation, and with what. */
export interface Call {
  service: string;
  operation: string;
  // What a test expects of an input it says itself.
  // oxlint-disable-next-line typescript/no-explicit-any
  input: any;
}

/** Answers an operation with its output, or with what `refuse` makes. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Operations = Record<string, (input: any) => unknown>;

class Refusal {
  constructor(
    readonly code: string,
    readonly message: string,
    readonly status: number,
    readonly more: object,
  ) {}
}

/** An error answer in AWS's JSON form. */
export const refuse = (code: string, message = '', { status = 400, ...more }: { status?: number; [member: string]: unknown } = {}): unknown => new Refusal(code, message, status, more);

/**
 * Stands in for the server's JSON services: `/api/<service>/` by `X-Amz-Target`, and our own,
 * `/api/_<name>/<Operation>`. What nobody answers fails. Returns the calls as they are made.
 */
export function serve(services: Record<string, Operations>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(url instanceof Request ? url : new URL(String(url), location.origin), init);
    const [, , service = '', named = ''] = new URL(request.url).pathname.split('/');
    const operation = request.headers.get('x-amz-target')?.split('.')[1] ?? named;
    const text = await request.text();
    let input: unknown = text;
    try {
      input = JSON.parse(text || '{}');
    } catch {
      // A form, as IAM's.
    }
    calls.push({ service, operation, input });
    const answer = services[service]?.[operation];
    const output = answer ? answer(input) : refuse('UnknownOperationException', `nobody answers ${service}.${operation}`, { status: 404 });
    if (output instanceof Refusal) {
      return json(output.status, { __type: output.code, Message: output.message, ...output.more }, { 'x-amzn-errortype': output.code });
    }
    return json(200, output ?? {});
  });
  return calls;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/x-amz-json-1.1', ...headers } });
