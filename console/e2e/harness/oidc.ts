/** A client of sso-oidc as the AWS CLI is one, and the loopback address at which it waits for the browser. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { region, subdomain } from './organisation.ts';
import type { Sekisho } from './server.ts';

export const clientName = 'botocore-client-e2e';

export interface Client {
  clientId: string;
  clientSecret: string;
}

export interface DeviceAuthorization {
  deviceCode: string;
  /** As shown: four letters, a hyphen, four letters. */
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
}

export interface Token {
  accessToken: string;
  refreshToken?: string;
}

export interface Answer<T> {
  status: number;
  body: T & { error?: string };
}

export class OIDC {
  private readonly server: Sekisho;

  constructor(server: Sekisho) {
    this.server = server;
  }

  /** @param changes for example those of `codeClient` */
  async register(changes: object = {}): Promise<Client> {
    const client = { clientName, clientType: 'public', scopes: ['sso:account:access'], ...changes };
    return good(await this.post<Client>('/client/register', client));
  }

  async startDevice(client: Client): Promise<DeviceAuthorization> {
    const { clientId, clientSecret } = client;
    const startUrl = `https://${subdomain}.awsapps.com/start`;
    return good(await this.post<DeviceAuthorization>('/device_authorization', { clientId, clientSecret, startUrl }));
  }

  poll(client: Client, { deviceCode }: DeviceAuthorization): Promise<Answer<Token>> {
    return this.token(client, { grantType: 'urn:ietf:params:oauth:grant-type:device_code', deviceCode });
  }

  redeem(client: Client, code: string, redirectUri: string, codeVerifier: string): Promise<Answer<Token>> {
    return this.token(client, { grantType: 'authorization_code', code, redirectUri, codeVerifier });
  }

  refresh(client: Client, refreshToken: string): Promise<Answer<Token>> {
    return this.token(client, { grantType: 'refresh_token', refreshToken });
  }

  /** The status of ListAccounts, which tells whether an access token is still good. */
  async listAccounts({ accessToken }: Token): Promise<number> {
    const answer = await fetch(`${this.server.api()}/assignment/accounts`, { headers: { 'x-amz-sso_bearer_token': accessToken } });
    return answer.status;
  }

  private token({ clientId, clientSecret }: Client, grant: object): Promise<Answer<Token>> {
    return this.post<Token>('/token', { clientId, clientSecret, ...grant });
  }

  private async post<T>(path: string, body: object): Promise<Answer<T>> {
    const answer = await fetch(this.server.api() + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'aws-cli/2.9.19 Python/3.11.2 Linux/6.1 exe/x86_64.debian.12' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as T & { error?: string } };
  }
}

function good<T>({ status, body }: Answer<T>): T {
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** How the CLI registers for authorization codes: without a port, because any loopback port will do. */
export function codeClient(server: Sekisho): object {
  return {
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    issuerUrl: server.startUrl(),
  };
}

/** Where the CLI waits for its authorization code. */
export class Loopback {
  private readonly server: Server = createServer();
  /** What the browser brought. */
  readonly answer: Promise<URLSearchParams>;
  readonly state = randomBytes(16).toString('base64url');
  readonly verifier = randomBytes(48).toString('base64url');
  calls = 0;

  constructor() {
    this.answer = new Promise((resolve) => {
      this.server.on('request', (request, response) => {
        const url = new URL(request.url ?? '/', 'http://127.0.0.1');
        if (url.pathname !== '/oauth/callback') return void response.writeHead(204).end();
        this.calls++;
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>CLI</title><h1>The client has its answer</h1>');
        resolve(url.searchParams);
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get redirectUri(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/oauth/callback`;
  }

  /** What the CLI opens in the browser. */
  authorizeUrl(server: Sekisho, client: Client, changes: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: this.redirectUri,
      state: this.state,
      code_challenge_method: 'S256',
      scopes: 'sso:account:access',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      ...changes,
    });
    return `http://oidc.${region}.localhost:${server.port}/authorize?${query}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
