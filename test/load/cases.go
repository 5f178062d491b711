package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"

	"sekisho/internal/app"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// prepare signs a person in behind the scenes and makes the requests.
func prepare(ctx context.Context, s *app.Server, addr string) ([]testCase, error) {
	now := time.Now()
	clients := token.Clients{Ring: s.Ring}
	client, clientSecret, err := clients.Register(token.Client{Name: "load", Scopes: []string{token.ScopeAccountAccess}}, now)
	if err != nil {
		return nil, err
	}
	var (
		out   token.Outcome
		creds token.Credentials
	)
	err = s.Store.Update(ctx, nil, func(tx store.Tx) error {
		jane, err := tx.UserByName("jane")
		if err != nil {
			return err
		}
		sess, err := session.Begin(tx, uuid.NewString(), jane.ID, now, 8*time.Hour, "127.0.0.1", "load")
		if err != nil {
			return err
		}
		d, code, err := token.BeginDevice(tx, client, "127.0.0.1", "load", now)
		if err != nil {
			return err
		}
		if _, err := token.DecideDevice(tx, d.UserCode, sess, true, now); err != nil {
			return err
		}
		if out, err = token.RedeemDevice(tx, client, code, uuid.NewString(), now); err != nil {
			return err
		}
		set, err := tx.PermissionSetByName("AdministratorAccess")
		if err != nil {
			return err
		}
		role, err := tx.RoleOfPermissionSet("444455556666", set.ID)
		if err != nil {
			return err
		}
		creds, err = token.Sessions{Ring: s.Ring}.Issue(token.Session{
			Account: role.Account, Entity: role.ID, RoleName: role.Name, Name: "jane",
			User: jane.ID, PermissionSet: set.ID, PortalSession: sess.ID,
		}, now, time.Hour)
		return err
	})
	if err != nil {
		return nil, err
	}
	signed, err := callerIdentity(ctx, addr, creds, now)
	if err != nil {
		return nil, err
	}
	bearer := "x-amz-sso_bearer_token: " + out.AccessToken.Reveal() + "\r\n"
	return []testCase{
		{"sts GetCallerIdentity", addr, signed},
		{"sso GetRoleCredentials", addr, raw("GET", "/federation/credentials?role_name=AdministratorAccess&account_id=444455556666", addr, bearer, "")},
		{"sso ListAccounts", addr, raw("GET", "/assignment/accounts?max_result=100", addr, bearer, "")},
		{"sso-oidc RegisterClient", addr, raw("POST", "/client/register", addr, jsonType, jsonBody(map[string]any{"clientName": "load", "clientType": "public"}))},
		{"sso-oidc CreateToken (refresh)", addr, raw("POST", "/token", addr, jsonType, jsonBody(map[string]any{
			"clientId": client.ID, "clientSecret": clientSecret.Reveal(), "grantType": token.GrantRefreshToken, "refreshToken": out.RefreshToken.Reveal()}))},
	}, nil
}

const jsonType = "Content-Type: application/json\r\n"

func raw(method, path, host, headers, body string) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", method, path, host, headers, len(body), body)
}

// callerIdentity is the request as the Go SDK signs it. A signature is good for
// 15 minutes, so one request serves the whole run.
func callerIdentity(ctx context.Context, addr string, c token.Credentials, now time.Time) ([]byte, error) {
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	err = v4.NewSigner().SignHTTP(ctx, aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretKey.Reveal(), SessionToken: c.SessionToken.Reveal(),
	}, r, hex.EncodeToString(sum[:]), "sts", "us-east-1", now)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = r.Write(&b)
	return b.Bytes(), err
}
