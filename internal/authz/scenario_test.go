package authz

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

var scenarioTime = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// The enforcing path decides every scenario as the engine alone does: its
// policies are stored as IAM stores them, gathered through the liveness cache,
// and the caller is one that authn would have made (R-19, and B-01 by the scenario
// root-user; "scenario files as data that every path must agree on").
func TestScenariosThroughTheStore(t *testing.T) {
	t.Parallel()
	all, err := scenario.All()
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t)
	decided := 0
	for i := range all {
		s := &all[i]
		h := arrange(t, db, s)
		for j := range s.Requests {
			decided++
			h.decide(t, j)
		}
	}
	if decided < 100 {
		t.Errorf("only %d requests were decided", decided)
	}
}

// house is one scenario, stored.
type house struct {
	*scenario.Scenario
	authz     *Authorizer
	principal call.Principal
	resource  *policy.Policy
}

const otherAccount = "999988887777"

// arrange clears the store and puts the scenario into it.
func arrange(t testing.TB, db store.DB, s *scenario.Scenario) *house {
	t.Helper()
	h := &house{Scenario: s}
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		if err := tx.Clear(); err != nil {
			return err
		}
		return h.store(tx)
	})
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	cache := live.New(db)
	cache.Follow(t.Context())
	h.authz = &Authorizer{Live: cache}
	h.principal = h.caller()
	switch {
	case s.Policies.Resource != nil:
		h.resource = policy.MustParse(policy.ResourcePolicy, string(s.Policies.Resource))
	case s.Policies.Trust != nil:
		h.resource = policy.MustParse(policy.TrustPolicy, string(s.Policies.Trust))
	}
	return h
}

// The organization of every house that has one.
const (
	houseOrg  = "o-exampleorgid"
	houseRoot = "r-h0us"
)

func (h *house) store(tx store.Tx) error {
	depth := max(len(h.Policies.SCP), len(h.Policies.RCP))
	o := org.Organization{ID: houseOrg, Root: houseRoot, ManagementAccount: h.Management, Features: org.AllFeatures, CreatedAt: scenarioTime}
	if o.ManagementAccount == "" {
		o.ManagementAccount = otherAccount
	}
	for t, levels := range map[org.PolicyType][]scenario.Documents{org.ServiceControl: h.Policies.SCP, org.ResourceControl: h.Policies.RCP} {
		if len(levels) > 0 {
			o.PolicyTypes = append(o.PolicyTypes, t)
		}
	}
	path, organization := "", ""
	var targets []string
	if depth > 0 {
		if err := tx.PutOrganization(o); err != nil {
			return err
		}
		path, organization, targets = o.Path(), o.ID, []string{o.Root}
	}
	for i := 1; i < depth-1; i++ { // a unit for each level between root and account
		u := org.Unit{ID: fmt.Sprintf("ou-h0us-%08d", i), Organization: o.ID, Parent: targets[i-1], Name: "Unit", CreatedAt: scenarioTime}
		path += u.ID + "/"
		u.Path = path
		if err := tx.PutUnit(u); err != nil {
			return err
		}
		targets = append(targets, u.ID)
	}
	for _, id := range []string{h.Account, h.ResourceAccount, otherAccount} {
		if id == "" {
			continue
		}
		a := account.Account{ID: id, Name: "Account " + id, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: scenarioTime}
		if outside := id == h.Account && h.ResourceAccount != "" && len(h.Policies.SCP) == 0; !outside {
			a.Organization, a.OrgPath = organization, path
		}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
	}
	owner := h.ResourceAccount
	if owner == "" {
		owner = h.Account
	}
	if err := h.levels(tx, append(slices.Clone(targets), h.Account), org.ServiceControl, h.Policies.SCP); err != nil {
		return err
	}
	if err := h.levels(tx, append(slices.Clone(targets), owner), org.ResourceControl, h.Policies.RCP); err != nil {
		return err
	}
	return h.entity(tx)
}

// levels attaches level by level, from the root down; where the scenario says
// nothing, AWS's own.
func (h *house) levels(tx store.Tx, targets []string, kind org.PolicyType, levels []scenario.Documents) error {
	if len(levels) == 0 {
		return nil
	}
	full, _ := kind.Default()
	for i, target := range targets {
		if i >= len(levels) {
			if err := tx.AttachOrgPolicy(houseOrg, target, full); err != nil {
				return err
			}
			continue
		}
		for name, document := range levels[i] {
			p := full
			if string(document) != "null" {
				p = org.Policy{ID: "p-" + name + target, Organization: houseOrg, Type: kind, Name: name + " on " + target, Document: string(document)}
				if err := tx.PutOrgPolicy(p); err != nil {
					return err
				}
			}
			if err := tx.AttachOrgPolicy(houseOrg, target, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// entity makes the user or role with its policies.
func (h *house) entity(tx store.Tx) error {
	p, c := h.Principal, h.Caller()
	path := p.Path
	if path == "" {
		path = "/"
	}
	var tags []iam.Tag
	for k, v := range p.Tags {
		tags = append(tags, iam.Tag{Key: k, Value: v})
	}
	boundary := ""
	if h.Policies.Boundary != nil {
		boundary = "arn:aws:iam::" + h.Account + ":policy/gone"
		for name, document := range h.Policies.Boundary {
			boundary = managedARN(h.Account, name)
			if err := putManaged(tx, boundary, document); err != nil {
				return err
			}
		}
	}
	switch c.Kind {
	case policy.User, policy.FederatedUser:
		if err := tx.PutIAMUser(iam.User{ID: c.EntityID, Account: h.Account, Path: path, Name: p.User, Boundary: boundary, Tags: tags, CreatedAt: scenarioTime}); err != nil {
			return err
		}
		if err := hang(tx, h.Account, c.EntityID, iam.UserKind, h.Policies.User); err != nil {
			return err
		}
		for name, documents := range h.Policies.Groups {
			id := "AGPA" + strings.ToUpper(name)
			if err := tx.PutIAMGroup(iam.Group{ID: id, Account: h.Account, Path: "/", Name: name, CreatedAt: scenarioTime}); err != nil {
				return err
			}
			if err := tx.AddIAMMember(id, c.EntityID, scenarioTime); err != nil {
				return err
			}
			if err := hang(tx, h.Account, id, iam.GroupKind, documents); err != nil {
				return err
			}
		}
	case policy.RoleSession:
		if err := tx.PutRole(iam.Role{ID: c.EntityID, Account: h.Account, Path: path, Name: p.Role, TrustPolicy: "{}", MaxSessionSeconds: 3600,
			Boundary: boundary, Tags: tags, CreatedAt: scenarioTime}); err != nil {
			return err
		}
		return hang(tx, h.Account, c.EntityID, iam.RoleKind, h.Policies.Role)
	}
	return nil
}

func managedARN(account, name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:aws:iam::" + account + ":policy/" + name
}

func hang(tx store.Tx, account, owner string, kind iam.Kind, documents scenario.Documents) error {
	for name, document := range documents {
		if !strings.HasPrefix(name, "arn:") {
			if err := tx.PutInlinePolicy(iam.InlinePolicy{Owner: owner, Name: name, Document: string(document)}); err != nil {
				return err
			}
			continue
		}
		if err := putManaged(tx, name, document); err != nil {
			return err
		}
		a := iam.Attachment{Owner: owner, OwnerKind: kind, Account: account, PolicyARN: name, AttachedAt: scenarioTime}
		if err := tx.Attach(a); err != nil {
			return err
		}
	}
	return nil
}

func putManaged(tx store.Tx, policyARN string, document json.RawMessage) error {
	i := strings.LastIndexByte(policyARN, '/')
	account := strings.Split(policyARN, ":")[4]
	_, path, _ := strings.Cut(policyARN[:i+1], ":policy")
	p := iam.Policy{ID: "ANPA" + policyARN, Account: account, Path: path, Name: policyARN[i+1:], DefaultVersion: 1, LastVersion: 1, CreatedAt: scenarioTime, UpdatedAt: scenarioTime}
	if err := tx.PutPolicy(p); err != nil {
		return err
	}
	return tx.PutPolicyVersion(iam.PolicyVersion{Policy: p.ID, Number: 1, Document: string(document), CreatedAt: scenarioTime})
}

// caller is the principal as authn makes it.
func (h *house) caller() call.Principal {
	c := h.Caller()
	p := call.Principal{Account: c.Account, ARN: c.ARN, EntityARN: c.EntityARN, Entity: c.EntityID, Federated: c.Federated}
	session := &token.Session{Account: c.Account, Entity: c.EntityID, IssuedAt: scenarioTime.Unix()}
	for k, v := range h.Principal.Tags {
		session.Tags = append(session.Tags, token.Tag{Key: k, Value: v})
	}
	for _, document := range h.Policies.Session {
		session.Policies = append(session.Policies, string(document))
	}
	switch c.Kind {
	case policy.RootUser:
		p.Kind, p.UserID = call.Root, c.Account
		if h.Policies.Session != nil {
			p.Temporary, session.Kind = session, token.UserSession
		}
	case policy.User:
		p.Kind, p.UserID, p.UserName = call.IAMUser, c.EntityID, h.Principal.User
	case policy.RoleSession:
		p.Kind, p.UserID, p.Temporary, session.Kind = call.AssumedRole, c.EntityID+":"+h.Principal.Session, session, token.Assumed
	case policy.FederatedUser:
		p.Kind, p.UserID, p.Temporary, session.Kind = call.FederatedUser, c.Account+":"+h.Principal.Federated, session, token.FederatedUser
	case policy.SAMLFederated:
		p.Kind = call.SAMLFederated
	case policy.WebIdentity:
		p.Kind = call.WebIdentity
	case policy.Service:
		p.Kind, p.UserName = call.Service, c.Service
	}
	return p
}

func (h *house) decide(t *testing.T, i int) {
	t.Helper()
	want := h.Requests[i]
	target := call.Target{ARN: want.Resource, Account: h.ResourceAccount, Policy: h.resource, MustAllow: h.MustAllow || h.Policies.Trust != nil, Keys: make(map[string][]string)}
	for k, v := range want.Context {
		target.Keys[strings.ToLower(k)] = v
	}
	c := &call.Call{Now: scenarioTime, Region: "us-east-1", Principal: h.principal}
	err := h.authz.Allow(t.Context(), c, want.Action, target)
	d, denied := errors.AsType[*Denial](err)
	if err != nil && !denied {
		t.Errorf("%s: %s: %v", h.Name, want.Name, err)
		return
	}
	if denied != (want.Expect != "allowed") {
		t.Errorf("%s: %s: denied %v, want %s; %+v", h.Name, want.Name, denied, want.Expect, d)
		return
	}
	if denied && !strings.HasSuffix(d.Message, want.Message) {
		t.Errorf("%s: %s: %q, want %q", h.Name, want.Name, d.Message, want.Message)
	}
}
