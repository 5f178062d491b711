package identitystore

import (
	"context"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// Names finds what calls act on. It is not the Service itself, all methods of
// which are operations.
type Names struct{ Store store.DB }

// Target is the directory that the input names, which belongs to the account that
// owns the instance; every operation needs it. What it needs beside, the service
// asks for ([Service.allowed]). A directory that does not exist is taken for the
// caller's.
func (n Names) Target(ctx context.Context, c *call.Call, _ call.Rule, in any) (t call.Target, err error) {
	id, owner := directoryOf(in), c.Principal.Account
	err = n.Store.View(ctx, func(tx store.Tx) error {
		var inst access.Instance
		if inst, err = tx.InstanceByName(id); err == nil {
			owner = inst.Owner
		}
		return err
	})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return t, err
	}
	return call.Target{ARN: "arn:aws:identitystore::" + owner + ":identitystore/" + id}, nil
}

func directoryOf(in any) string { return text(reflect.ValueOf(in).Elem(), "IdentityStoreId") }

// allowed is a denial unless the caller may do the operation to each user, group
// and membership that it names beside the directory. What a policy says of them
// holds in whichever directory they are: their ARNs have no account.
func (s *Service) allowed(ctx context.Context, c *call.Call, in any) error {
	rule := Table[c.Operation]
	for _, t := range named(rule.Resource, reflect.ValueOf(in).Elem()) {
		if err := s.Authz.Allow(ctx, c, rule.Action, t); err != nil {
			return err
		}
	}
	return nil
}

// named are the things beside the directory that a table's Resource stands for.
func named(resource string, in reflect.Value) []call.Target {
	group := func() call.Target { return groupTarget(text(in, "GroupId")) }
	switch resource {
	case "user":
		return []call.Target{userTarget(text(in, "UserId"))}
	case "users":
		return []call.Target{{ARN: userARN("*")}}
	case "group":
		return []call.Target{group()}
	case "groups":
		return []call.Target{{ARN: groupARN("*")}}
	case "member":
		return []call.Target{userTarget(memberOf(in))}
	case "group and member":
		return []call.Target{group(), userTarget(memberOf(in))}
	case "groups and member":
		targets := []call.Target{userTarget(memberOf(in))}
		ids, _ := in.FieldByName("GroupIds").Interface().([]string)
		for _, id := range ids {
			targets = append(targets, groupTarget(id))
		}
		return targets
	case "membership":
		return []call.Target{{ARN: "arn:aws:identitystore:::membership/" + text(in, "MembershipId")}}
	}
	return nil // the directory alone
}

func userTarget(id string) call.Target {
	return call.Target{ARN: userARN(id), Keys: map[string][]string{"identitystore:userid": {id}}}
}

func groupTarget(id string) call.Target {
	return call.Target{ARN: groupARN(id), Keys: map[string][]string{"identitystore:groupid": {id}}}
}

func userARN(id string) string  { return "arn:aws:identitystore:::user/" + id }
func groupARN(id string) string { return "arn:aws:identitystore:::group/" + id }

func memberOf(in reflect.Value) string {
	m, ok := in.FieldByName("MemberId").Interface().(types.MemberId)
	if !ok {
		return ""
	}
	return memberID(m)
}

// memberID is the user that a union names; there is no other kind of member.
func memberID(m types.MemberId) string {
	if u, ok := m.(*types.MemberIdMemberUserId); ok {
		return u.Value
	}
	return ""
}

// text is a member of an input; what is not there is "".
func text(in reflect.Value, name string) string {
	m := in.FieldByName(name)
	if m.IsValid() && m.Kind() == reflect.Pointer && !m.IsNil() {
		m = m.Elem()
	}
	if !m.IsValid() || m.Kind() != reflect.String {
		return ""
	}
	return m.String()
}
