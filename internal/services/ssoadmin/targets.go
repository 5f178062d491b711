package ssoadmin

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/application"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// Names finds what calls act on, by the names that the Service Authorization
// Reference has for the service's resources. It is not the Service itself, all
// methods of which are operations.
type Names struct{ Store store.DB }

// Target finds what a call acts on (rule.Resource). Operations that act on several
// things name the most particular one in their row, and ask about the others
// themselves ([Service.allowAlso]):
//
//	instance           the one of the input's InstanceArn
//	permission-set     the one of its PermissionSetArn
//	account            that of its AccountId
//	tagged             whatever its ResourceArn names
//	application …      see applicationTarget
func (n Names) Target(ctx context.Context, _ *call.Call, rule call.Rule, in any) (t call.Target, err error) {
	v := reflect.ValueOf(in).Elem()
	if err := ours(v); err != nil {
		return t, wireError(err)
	}
	if rule.Resource != "" {
		err = n.Store.View(ctx, func(tx store.Tx) (err error) {
			t, err = target(tx, rule, v, in)
			return err
		})
	}
	if t.Keys == nil {
		t.Keys = make(map[string][]string)
	}
	requestKeys(v, t.Keys)
	return t, err
}

// ours is Invalid for an input with an ARN of another partition. The models let
// them through, policies do not know them, and the ids in them are of things here: a
// statement that denies something by its name would not be about the same thing.
func ours(in reflect.Value) error {
	for i := range in.NumField() {
		name := in.Type().Field(i).Name
		if !strings.HasSuffix(name, "Arn") {
			continue
		}
		if v := member(in, name); v != "" && !strings.HasPrefix(v, "arn:"+arn.Partition+":") {
			return fault.New(fault.Invalid, "partition", "%s is not an ARN of the partition %s.", name, arn.Partition)
		}
	}
	return nil
}

func target(tx store.Tx, rule call.Rule, in reflect.Value, input any) (call.Target, error) {
	switch rule.Resource {
	case "instance":
		return instanceTarget(tx, member(in, "InstanceArn"))
	case "permission-set":
		return setTarget(tx, member(in, "PermissionSetArn"))
	case "account":
		return accountTarget(member(in, "AccountId")), nil
	case "tagged":
		return taggedTarget(tx, member(in, "ResourceArn"))
	}
	return applicationTarget(tx, rule, input)
}

// requestKeys adds the condition keys that tags of the input stand for.
func requestKeys(in reflect.Value, keys map[string][]string) {
	if m := in.FieldByName("Tags"); m.IsValid() {
		tags, _ := m.Interface().([]types.Tag)
		for _, t := range tagsOf(tags) {
			k := "aws:requesttag/" + policy.Fold(t.Key)
			keys[k] = append(keys[k], t.Value)
			keys[call.TagKeys] = append(keys[call.TagKeys], t.Key)
		}
	}
	if m := in.FieldByName("TagKeys"); m.IsValid() {
		removed, _ := m.Interface().([]string)
		keys[call.TagKeys] = append(keys[call.TagKeys], removed...)
	}
}

func instanceTarget(tx store.Tx, name string) (call.Target, error) {
	t := call.Target{ARN: name, Keys: make(map[string][]string)}
	id := name[strings.LastIndexByte(name, '/')+1:]
	i, err := tx.Instance(id)
	t.Tags = tagMap(i.Tags)
	return withRegion(tx, t, id, err)
}

func setTarget(tx store.Tx, name string) (call.Target, error) {
	t := call.Target{ARN: name, Keys: make(map[string][]string)}
	instance, id := splitSet(name)
	p, err := tx.PermissionSet(id)
	if err == nil && p.Instance != instance {
		return t, nil
	}
	t.Tags = tagMap(p.Tags)
	return withRegion(tx, t, instance, err)
}

// accountTarget is an account as Identity Center names it.
func accountTarget(id string) call.Target {
	return call.Target{ARN: "arn:" + arn.Partition + ":sso:::account/" + id}
}

func taggedTarget(tx store.Tx, name string) (call.Target, error) {
	switch {
	case strings.Contains(name, ":instance/"):
		return instanceTarget(tx, name)
	case strings.Contains(name, ":permissionSet/"):
		return setTarget(tx, name)
	}
	n := application.ParseARN(name)
	t := call.Target{ARN: name, Account: n.Account, Keys: map[string][]string{applicationAccount: {n.Account}}}
	tags, err := application.Tags(tx, name)
	if fault.Is(err, fault.NotFound) {
		return t, nil
	}
	t.Tags = tagMap(tags)
	return withRegion(tx, t, n.Instance, err)
}

// alsoInstance decides about the instance of an operation whose row names something
// in it, and about what else it acts on.
func (s *Service) alsoInstance(ctx context.Context, c *call.Call, instance *string, others ...call.Target) error {
	var t call.Target
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		t, err = instanceTarget(tx, *instance)
		return err
	})
	if err != nil {
		return err
	}
	return s.allowAlso(ctx, c, nil, append(others, t)...)
}
