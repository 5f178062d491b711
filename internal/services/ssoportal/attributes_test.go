package ssoportal_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// behaviours.md 6.4: the attributes for access control are in the credentials that
// are issued from then on, and policies compare them as aws:PrincipalTag.
func TestAttributesForAccessControl(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issue := func(name string) *token.Session {
		t.Helper()
		out, err := w.service.GetRoleCredentials(t.Context(), w.by(name), &sso.GetRoleCredentialsInput{AccountId: aws.String(production), RoleName: aws.String("ReadOnly")})
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.roles.Open(*out.RoleCredentials.SessionToken)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w.update(func(tx store.Tx) error {
		set, err := tx.PermissionSetByName(w.instance(tx).ID, "ReadOnly")
		if err != nil {
			return err
		}
		set.InlinePolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/costcenter":"4711"}}}}`
		if err := tx.PutPermissionSet(set); err != nil {
			return err
		}
		return access.Reprovision(tx, start, set)
	})
	gate := &authz.Authorizer{Live: w.service.Live}
	allowed := func(s *token.Session) bool {
		c := &call.Call{Now: start, Region: "us-east-1", Event: &audit.Event{}, Principal: call.Principal{
			Kind: call.AssumedRole, Account: production, Entity: s.Entity, ARN: "arn:aws:sts::" + production + ":assumed-role/" + s.RoleName + "/jane", Temporary: s,
		}}
		return gate.Allow(t.Context(), c, "s3:GetObject", call.Target{ARN: "arn:aws:s3:::bucket/key"}) == nil
	}
	if s := issue("jane"); len(s.Tags) > 0 || allowed(s) {
		t.Errorf("before they are enabled: %v", s.Tags)
	}
	w.update(func(tx store.Tx) error {
		for name, center := range map[string]string{"jane": "4711", "erika": "0815"} {
			u := w.users[name]
			u.Profile.Enterprise = &directory.Enterprise{CostCenter: center}
			if err := tx.PutUser(u); err != nil {
				return err
			}
		}
		return access.SetAttributes(tx, w.instance(tx), []access.Attribute{
			{Key: "CostCenter", Source: "${path:enterprise.costCenter}"}, {Key: "mail", Source: "${user:email}"}, {Key: "none", Source: "${path:nickName}"},
		})
	})
	jane, erika := issue("jane"), issue("erika")
	var tags []string
	for _, tag := range jane.Tags {
		tags = append(tags, tag.Key+"="+tag.Value)
	}
	if got := strings.Join(tags, " "); got != "CostCenter=4711 mail=jane@example.com" || len(jane.TransitiveTags) > 0 {
		t.Errorf("jane has %s", got)
	}
	if !allowed(jane) || allowed(erika) {
		t.Errorf("jane of 4711: %v, erika of 0815: %v", allowed(jane), allowed(erika))
	}
	// The next credentials know what has changed, those that were issued do not.
	w.update(func(tx store.Tx) error {
		u, err := tx.User(w.users["jane"].ID)
		if err != nil {
			return err
		}
		u.Profile.Enterprise = nil
		return tx.PutUser(u)
	})
	if !allowed(jane) || allowed(issue("jane")) {
		t.Error("a change of the person counts for credentials of before, or not for those of after")
	}
	w.update(func(tx store.Tx) error { return tx.DeleteAttributes(w.instance(tx).ID) })
	if s := issue("erika"); len(s.Tags) > 0 {
		t.Errorf("after they were disabled: %v", s.Tags)
	}
}

func (w *world) instance(tx store.Tx) access.Instance {
	w.Helper()
	inst, err := access.Home(tx)
	if err != nil {
		w.Fatal(err)
	}
	return inst
}
