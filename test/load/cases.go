package main

import (
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

	"sekisho/internal/access"
	"sekisho/internal/app"
	"sekisho/internal/iam"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
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
		jane, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		sess, err := session.Begin(tx, uuid.NewString(), jane.ID, now, 8*time.Hour, "127.0.0.1", "load")
		if err != nil {
			return err
		}
		inst, err := access.Home(tx)
		if err != nil {
			return err
		}
		d, code, err := token.BeginDevice(tx, client, inst.ID, "127.0.0.1", "load", now)
		if err != nil {
			return err
		}
		if _, err := token.DecideDevice(tx, inst.ID, d.UserCode, sess, true, now); err != nil {
			return err
		}
		if out, err = token.RedeemDevice(tx, client, code, uuid.NewString(), now); err != nil {
			return err
		}
		set, err := storetest.PermissionSet(tx, "AdministratorAccess")
		if err != nil {
			return err
		}
		role, err := tx.RoleOfPermissionSet(loadAccount, set.ID)
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
	signed := func(service, body string) []byte {
		if err == nil {
			body, err = sign(ctx, addr, creds, service, body, now)
		}
		return []byte(body)
	}
	if err := crowd(ctx, s, 1000, now); err != nil {
		return nil, err
	}
	bearer := "x-amz-sso_bearer_token: " + out.AccessToken.Reveal() + "\r\n"
	deploy := "arn:aws:iam::" + loadAccount + ":role/load"
	cases := []testCase{
		{"sts GetCallerIdentity", addr, signed("sts", "Action=GetCallerIdentity&Version=2011-06-15"), 200},
		{"sts AssumeRole", addr, signed("sts", "Action=AssumeRole&Version=2011-06-15&RoleSessionName=load&RoleArn="+deploy), 200},
		{"iam GetUser", addr, signed("iam", "Action=GetUser&Version=2010-05-08&UserName=user0500"), 200},
		{"iam ListUsers (100)", addr, signed("iam", "Action=ListUsers&Version=2010-05-08&MaxItems=100"), 200},
		{"iam DeleteUser (denied)", addr, signed("iam", "Action=DeleteUser&Version=2010-05-08&UserName=user0500"), 403},
		{"sso GetRoleCredentials", addr, raw("GET", "/federation/credentials?role_name=AdministratorAccess&account_id=444455556666", addr, bearer, ""), 200},
		{"sso ListAccounts", addr, raw("GET", "/assignment/accounts?max_result=100", addr, bearer, ""), 200},
		{"sso-oidc RegisterClient", addr, raw("POST", "/client/register", addr, jsonType, jsonBody(map[string]any{"clientName": "load", "clientType": "public"})), 200},
		{"sso-oidc CreateToken (refresh)", addr, raw("POST", "/token", addr, jsonType, jsonBody(map[string]any{
			"clientId": client.ID, "clientSecret": clientSecret.Reveal(), "grantType": token.GrantRefreshToken, "refreshToken": out.RefreshToken.Reveal()})), 200},
	}
	return cases, err
}

const jsonType = "Content-Type: application/json\r\n"

func raw(method, path, host, headers, body string) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", method, path, host, headers, len(body), body)
}

// sign is a request of a Query protocol as the Go SDK signs it. A signature is good
// for 15 minutes, so one request serves the whole run.
func sign(ctx context.Context, addr string, c token.Credentials, service, body string, now time.Time) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	err = v4.NewSigner().SignHTTP(ctx, aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretKey.Reveal(), SessionToken: c.SessionToken.Reveal(),
	}, r, hex.EncodeToString(sum[:]), service, "us-east-1", now)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = r.Write(&b)
	return b.String(), err
}

// loadAccount is the account whose permission set signs the requests.
const loadAccount = "444455556666"

// crowd gives the account n users, a role that its principals may assume, and to the
// permission set a policy that forbids to delete users.
func crowd(ctx context.Context, s *app.Server, n int, now time.Time) error {
	return s.Store.Update(ctx, nil, func(tx store.Tx) error {
		for i := range n {
			u := iam.User{ID: fmt.Sprintf("AIDALOADED%06d", i), Account: loadAccount, Path: "/", Name: fmt.Sprintf("user%04d", i), CreatedAt: now}
			if err := tx.PutIAMUser(u); err != nil {
				return err
			}
		}
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + loadAccount + `"},"Action":"sts:AssumeRole"}]}`
		role := iam.Role{ID: "AROALOADEDROLE000", Account: loadAccount, Path: "/", Name: "load", TrustPolicy: trust, MaxSessionSeconds: 3600, CreatedAt: now}
		if err := tx.PutRole(role); err != nil {
			return err
		}
		set, err := storetest.PermissionSet(tx, "AdministratorAccess")
		if err != nil {
			return err
		}
		admin, err := tx.RoleOfPermissionSet(loadAccount, set.ID)
		if err != nil {
			return err
		}
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: admin.ID, Name: "NoDelete",
			Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:DeleteUser","Resource":"*"}]}`})
	})
}
