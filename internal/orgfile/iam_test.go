package orgfile_test

import (
	"slices"
	"strings"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// Editing the iam section changes what was edited and nothing else; what the file
// no longer declares goes with all that hangs on it, and what came by the API
// stays (C-01, C-21, R-19).
func TestIAMFollowsTheFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	const production = "444455556666"
	h.update(func(tx store.Tx) error {
		_, err := iam.CreateUser(tx, now, iam.User{Account: production, Path: "/", Name: "by-api"})
		return err
	})
	for _, c := range []struct{ name, old, replacement, want string }{
		{"group's policy", `policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess", {name: Own`, `policies: [Limit, {name: Own`,
			"delete attachment 444455556666/Developers/arn:aws:iam::aws:policy/ReadOnlyAccess\ncreate attachment 444455556666/Developers/arn:aws:iam::444455556666:policy/Limit\n"},
		{"inline document", `{name: Inline, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*"`, `{name: Inline, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:Get*"`,
			"create inline policy 444455556666/Deploy/Inline\n"},
		{"role", "max_session_duration: PT2H", "max_session_duration: PT3H", "update role 444455556666/Deploy\n"},
		{"managed policy", `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*"`, `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*"`,
			"update policy document 444455556666/Limit\n"},
		{"boundary", "permissions_boundary: Limit, tags: {team: x, cost", "tags: {team: x, cost", "update permissions boundary 444455556666/taro\n"},
		{"path and tags", "{name: taro, path: /dev/", "{name: taro, path: /ops/", "update iam user 444455556666/taro\n"},
		{"membership", "{name: hanako, groups: [Developers]", "{name: hanako", "delete iam member 444455556666/Developers/hanako\n"},
		{"control policy", "targets: [Root, Workloads, Production]", "targets: [Workloads/Prod]", "update service control policy NoLeaving\n"},
	} {
		// A trust policy names taro by ARN: the path is part of it.
		text := strings.Replace(edit(t, c.old, c.replacement), "user/dev/taro", map[bool]string{true: "user/ops/taro", false: "user/dev/taro"}[c.name == "path and tags"], 1)
		if got := lines(h.apply(text)); squeeze(got) != c.want {
			t.Errorf("%s:\n%s", c.name, got)
		}
		if again := h.apply(text); len(again) != 0 {
			t.Errorf("%s again:\n%s", c.name, lines(again))
		}
		h.apply(good)
	}
	i := strings.Index(good, "  - account: \"444455556666\"\n    quotas")
	j := strings.Index(good, "builder_ids: []")
	h.apply(good[:i] + good[j:])
	h.view(func(tx store.Tx) error {
		for name, missing := range map[string]bool{"taro": true, "hanako": true, "by-api": false} {
			if _, err := tx.IAMUserByName(production, name); fault.Is(err, fault.NotFound) != missing {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, name := range []string{"Deploy", "Start"} {
			if _, err := tx.RoleByName(production, name); !fault.Is(err, fault.NotFound) {
				t.Errorf("role %s: %v", name, err)
			}
		}
		if _, err := tx.PolicyByName(production, "Limit"); !fault.Is(err, fault.NotFound) {
			t.Errorf("policy: %v", err)
		}
		if _, err := tx.AccessKey("AKIATAROTAROTAROTARO"); !fault.Is(err, fault.NotFound) {
			t.Errorf("access key: %v", err)
		}
		return nil
	})
}

func squeeze(s string) string {
	l := strings.Split(s, "\n")
	for i := range l {
		l[i] = strings.Join(strings.Fields(l[i]), " ")
	}
	return strings.Join(l, "\n")
}

// A target that an organisational unit and an account are both called is the
// unit; the account is named by its id, and the export does so.
func TestTargetOfTwoThings(t *testing.T) {
	t.Parallel()
	const text = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
  accounts: [{id: "444455556666", name: Sandbox, email: sandbox@example.com, ou: Sandbox}]
  service_control_policies:
    - {name: unit, targets: [Sandbox], document: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "a:*", Resource: "*"}]}}
    - {name: account, targets: ["444455556666"], document: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "b:*", Resource: "*"}]}}
`
	h := newHouse(t)
	h.apply(text)
	h.view(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		unit, err := tx.UnitByName(o.Root, "Sandbox")
		if err != nil {
			return err
		}
		for target, want := range map[string]string{unit.ID: "unit", "444455556666": "account"} {
			on, err := org.PoliciesOn(tx, o.ID, target, org.ServiceControl)
			if err != nil {
				return err
			}
			on = slices.DeleteFunc(on, org.Policy.AWSManaged)
			if len(on) != 1 || on[0].Name != want {
				t.Errorf("on %s: %+v", target, on)
			}
		}
		return nil
	})
	if changes := h.apply(h.export()); len(changes) != 0 {
		t.Errorf("the exported file:\n%s", lines(changes))
	}
}
